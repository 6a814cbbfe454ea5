// The three requests that the extension sends to Crosswalk, and what may go wrong with them. Knows no page.

/** An integration that a record is in, or could be sent through: `PlaceOut` of Crosswalk's HTTP API. */
export interface Place {
  integration: number;
  name: string;
  enabled: boolean;
  record: number | null;
  key: string;
  url: string;
  status: string;
  state: string;
  tone: "good" | "busy" | "warn" | "bad" | "quiet";
  due: boolean;
  reason: string;
  remedy: string;
  page: string;
}

export interface Me {
  person: string;
  role: string;
  sender: boolean;
  ends_at: string;
}

/** The kinds of record that Aha! lets an extension stand beside, as Crosswalk calls them. */
export const KINDS: { [typename: string]: string } = { Feature: "feature", Epic: "epic", Requirement: "requirement" };

/** The event by which the record action tells the field that there is something to look at. */
export const SENT = "crosswalk.jira:sent";

/** What went wrong, and what to do next. */
export class Trouble extends Error {
  constructor(message: string, readonly remedy: string) {
    super(message);
  }
}

const WHERE_SETTINGS = "Settings → Account → Extensions → Send to Jira";
const PATIENCE = 20_000; // milliseconds; Crosswalk answers from its own memory, save for a first send

export class Crosswalk {
  private constructor(private readonly address: string, private readonly token: string) {}

  /** By the extension's settings. Throws Trouble where one is missing. */
  static of(settings: Aha.Settings): Crosswalk {
    const address = text(settings.get("address")).replace(/\/+$/, "");
    if (!/^https?:\/\/[^/\s]+/.test(address)) {
      throw new Trouble("Crosswalk's address is not set.", `An administrator of the account sets it: ${WHERE_SETTINGS}.`);
    }
    const token = text(settings.get("token"));
    // Anything but these characters could not stand in a header, and is no token of Crosswalk's either.
    if (!/^[\w-]+$/.test(token)) {
      throw new Trouble(
        token ? "What stands as the token is none." : "No token of Crosswalk is set.",
        `Make a sender's token in Crosswalk (your name, API tokens), and paste it here: ${WHERE_SETTINGS}.`
      );
    }
    return new Crosswalk(address, token);
  }

  me(): Promise<Me> {
    return this.ask("GET", "/me");
  }

  async places(reference: string): Promise<Place[]> {
    return (await this.ask<{ places: Place[] }>("GET", `/aha/${encodeURIComponent(reference)}`)).places;
  }

  /** Send the record; says what is on its way. */
  async send(kind: string, reference: string, integration = 0): Promise<string> {
    const path = `/aha/${encodeURIComponent(reference)}/send`;
    return (await this.ask<{ said: string }>("POST", path, { kind, integration })).said;
  }

  private async ask<T>(method: string, path: string, body?: object): Promise<T> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    let answer: Response, given: any;
    try {
      answer = await fetch(`${this.address}/api/v1${path}`, {
        method,
        headers: { Authorization: `Bearer ${this.token}`, ...(body && { "Content-Type": "application/json" }) },
        body: body && JSON.stringify(body),
        credentials: "omit",
        redirect: "error",
        signal: stop.signal,
      });
      given = await answer.json();
    } catch {
      throw new Trouble(
        `Crosswalk did not answer at ${this.address}.`,
        "Open that address in this browser. If it opens, this Aha! account is not connected in Crosswalk, or the extension was built for another address."
      );
    } finally {
      clearTimeout(timer);
    }
    if (!answer.ok) throw new Trouble(text(given.detail) || `Crosswalk answered ${answer.status}.`, text(given.remedy));
    return given;
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}

export function troubleOf(error: unknown): Trouble {
  return error instanceof Trouble ? error : new Trouble("Something broke in the extension.", String(error));
}
