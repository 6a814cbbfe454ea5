// What the typings of aha-cli 1.10.0 leave out, and the vendor's own extensions use.
interface Aha {
  /** Show a line to the person who ran a command. */
  commandOutput(text: string): void;
}
declare namespace Aha {
  interface RecordStub extends HasExtensionFields {}
}
