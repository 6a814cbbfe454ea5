// The record action "Send to Jira".
import { Crosswalk, KINDS, SENT, troubleOf } from "./crosswalk";

aha.on<{ record?: Aha.RecordStub }>("sendToJira", async ({ record }, { settings }) => {
  const kind = record && KINDS[record.typename];
  if (!record || !kind) {
    aha.commandOutput("Open a feature, an epic or a requirement first.");
    return;
  }
  try {
    aha.commandOutput(await Crosswalk.of(settings).send(kind, record.referenceNum));
    window.dispatchEvent(new Event(SENT));
  } catch (error) {
    const trouble = troubleOf(error);
    aha.commandOutput(`${trouble.message} ${trouble.remedy}`.trim());
  }
});
