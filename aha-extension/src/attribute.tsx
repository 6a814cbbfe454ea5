// The field "Jira" of a record: the key and status, how the pair is, and a button that sends the record.
import React, { useEffect, useRef, useState } from "react";
import { Crosswalk, KINDS, Place, SENT, Trouble, troubleOf } from "./crosswalk";
import { Button, Outside, STACK, State, Wrong } from "./pieces";

/** The extension field in which the record keeps what was last known, so that it is there before Crosswalk answers. */
const FIELD = "jira";
const SOON = 2_000; // milliseconds until the next look while something is being carried
const LATER = 10_000;
const AFTER_SENDING = 30_000; // for so long something is expected to appear that was not there yet

const carrying = (places: Place[]) => places.some((place) => place.due && place.enabled);
const settled = (places: Place[]) => places.some((place) => place.key || place.reason) && !carrying(places);

interface Props {
  record: Aha.RecordStub;
  known: Place[];
  context: Aha.Context;
}

const Jira = ({ record, known, context }: Props) => {
  const [places, setPlaces] = useState<Place[] | null>(known.length ? known : null);
  const [unknown, setUnknown] = useState<Trouble | null>(null);
  const [refused, setRefused] = useState<Trouble | null>(null);
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  const kept = useRef(JSON.stringify(known));
  const expected = useRef(0);
  const timer = useRef(0);
  const gone = useRef(false);

  const look = async () => {
    window.clearTimeout(timer.current);
    let soon = Date.now() < expected.current;
    try {
      const found = await Crosswalk.of(context.settings).places(record.referenceNum);
      if (gone.current) return;
      setPlaces(found);
      setUnknown(null);
      if (settled(found)) {
        setSaid("");
        soon = false;
      }
      soon ||= carrying(found);
      await keep(found);
    } catch (error) {
      if (!gone.current) setUnknown(troubleOf(error));
    }
    window.clearTimeout(timer.current);
    // A page in the background asks nothing; it asks when it comes to the front.
    if (!gone.current && !document.hidden) timer.current = window.setTimeout(look, soon ? SOON : LATER);
  };
  const keep = async (found: Place[]) => {
    const now = JSON.stringify(found);
    if (now === kept.current) return;
    kept.current = now;
    await record.setExtensionField(context.identifier, FIELD, found);
  };

  useEffect(() => {
    const sent = () => {
      expected.current = Date.now() + AFTER_SENDING;
      look();
    };
    const seen = () => document.hidden || look();
    look();
    window.addEventListener(SENT, sent);
    document.addEventListener("visibilitychange", seen);
    return () => {
      gone.current = true;
      window.clearTimeout(timer.current);
      window.removeEventListener(SENT, sent);
      document.removeEventListener("visibilitychange", seen);
    };
  }, []);

  const send = async (place: Place) => {
    setBusy(true);
    setSaid("");
    setRefused(null);
    try {
      setSaid(await Crosswalk.of(context.settings).send(KINDS[record.typename], record.referenceNum, place.integration));
      expected.current = Date.now() + AFTER_SENDING;
      await look();
    } catch (error) {
      setRefused(troubleOf(error));
    }
    setBusy(false);
  };

  return (
    <div style={STACK}>
      {places === null && !unknown && <span>Asking Crosswalk …</span>}
      {places?.map((place) => (
        <One
          key={place.integration}
          place={place}
          named={places.length > 1}
          busy={busy}
          send={unknown ? undefined : () => send(place)}
        />
      ))}
      {places?.length === 0 && (
        <span>
          <State tone="quiet">No integration covers this workspace.</State> Make one in Crosswalk.
        </span>
      )}
      <span role="status">{said}</span>
      {refused && <Wrong trouble={refused} />}
      {unknown && <Wrong trouble={unknown} />}
      {unknown && (
        <Button busy={busy} onPress={look}>
          Try again
        </Button>
      )}
    </div>
  );
};

interface OneProps {
  place: Place;
  named: boolean;
  busy: boolean;
  /** Nothing while Crosswalk can not be asked: the place is what was known last, then. */
  send?: () => void;
}

const One = ({ place, named, busy, send }: OneProps) => (
  <div style={STACK}>
    {named && <strong>{place.name}</strong>}
    {place.key && (
      <span>
        {/* An issue that was just made has its key a moment before its address is known. */}
        {place.url ? (
          <Outside href={place.url} where="Jira">
            {place.key}
          </Outside>
        ) : (
          place.key
        )}
        {place.status && <> · {place.status}</>}
      </span>
    )}
    {place.record === null ? (
      <State tone="quiet">Not in Jira yet</State>
    ) : (
      <Outside href={place.page} where="Crosswalk">
        <State tone={place.tone}>{place.state}</State>
      </Outside>
    )}
    {!place.enabled && <State tone="quiet">{place.name} is paused in Crosswalk; changes are kept.</State>}
    {place.reason && (
      <span>
        {place.reason} {place.remedy}
      </span>
    )}
    {!place.key && place.enabled && send && (
      <Button busy={busy || place.due} onPress={send}>
        {busy || place.due ? "Sending …" : named ? `Send to Jira through ${place.name}` : "Send to Jira"}
      </Button>
    )}
  </div>
);

aha.on("jira", ({ record, fields }, context) => {
  if (!record) return <span>Open a record first.</span>;
  const known = fields?.[FIELD];
  return <Jira key={record.uniqueId} record={record} known={Array.isArray(known) ? known : []} context={context} />;
});
