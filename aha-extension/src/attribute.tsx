// The field "Jira" of a record: the key and status, how the pair is, and a button that sends the record.
import React, { useEffect, useRef, useState } from "react";
import { Crosswalk, KINDS, Place, Trouble, troubleOf } from "./crosswalk";
import { Button, Outside, STACK, State, Wrong } from "./pieces";

/** The extension field in which the record keeps what was last known, so that it is there before Crosswalk answers. */
const FIELD = "jira";
const SOON = 2_000; // milliseconds until the next look while something is being carried
const LATER = 10_000;

const unsettled = (places: Place[]) => places.some((place) => place.due && place.enabled);

interface Props {
  record: Aha.RecordStub;
  known: Place[];
  context: Aha.Context;
}

const Jira = ({ record, known, context }: Props) => {
  const [places, setPlaces] = useState<Place[] | null>(known.length ? known : null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  const kept = useRef(JSON.stringify(known));
  const timer = useRef(0);
  const gone = useRef(false);

  const look = async () => {
    window.clearTimeout(timer.current);
    let soon = false;
    try {
      const found = await Crosswalk.of(context.settings).places(record.referenceNum);
      if (gone.current) return;
      soon = unsettled(found);
      setPlaces(found);
      if (!soon) setSaid("");
      setTrouble(null);
      await keep(found);
    } catch (error) {
      if (!gone.current) setTrouble(troubleOf(error));
    }
    window.clearTimeout(timer.current);
    if (!gone.current) timer.current = window.setTimeout(lookIfSeen, soon ? SOON : LATER);
  };
  const lookIfSeen = () => {
    if (document.hidden) timer.current = window.setTimeout(lookIfSeen, LATER);
    else look();
  };
  const keep = async (found: Place[]) => {
    const now = JSON.stringify(found);
    if (now === kept.current) return;
    kept.current = now;
    await record.setExtensionField(context.identifier, FIELD, found);
  };

  useEffect(() => {
    look();
    return () => {
      gone.current = true;
      window.clearTimeout(timer.current);
    };
  }, []);

  const send = async (place: Place) => {
    setBusy(true);
    setSaid("");
    try {
      setSaid(await Crosswalk.of(context.settings).send(KINDS[record.typename], record.referenceNum, place.integration));
      await look();
    } catch (error) {
      setTrouble(troubleOf(error));
    }
    setBusy(false);
  };

  return (
    <div style={STACK}>
      {places === null && !trouble && <span>Asking Crosswalk …</span>}
      {places?.map((place) => (
        <One
          key={place.integration}
          place={place}
          named={places.length > 1}
          busy={busy}
          send={trouble ? undefined : () => send(place)}
        />
      ))}
      {places?.length === 0 && (
        <span>
          <State tone="quiet">No integration covers this workspace.</State> Make one in Crosswalk.
        </span>
      )}
      <span role="status">{said}</span>
      {trouble && <Wrong trouble={trouble} />}
      {trouble && (
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
        <Outside href={place.url} where="Jira">
          {place.key}
        </Outside>
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
