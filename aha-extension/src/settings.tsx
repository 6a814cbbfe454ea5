// The page that tries the extension's settings, and says what is missing.
import React, { useEffect, useState } from "react";
import { Crosswalk, Me, Trouble, troubleOf } from "./crosswalk";
import { Button, STACK, State, Wrong } from "./pieces";

const Settings = ({ settings }: { settings: Aha.Settings }) => {
  const [me, setMe] = useState<Me | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);

  const test = async () => {
    setBusy(true);
    try {
      setMe(await Crosswalk.of(settings).me());
      setTrouble(null);
    } catch (error) {
      setMe(null);
      setTrouble(troubleOf(error));
    }
    setBusy(false);
  };
  useEffect(() => {
    test();
  }, []);

  return (
    <div style={{ ...STACK, padding: 16, maxWidth: "65ch" }}>
      <h1 style={{ margin: 0, fontSize: 20 }}>Send to Jira</h1>
      <span>
        The address and the token are set under Settings → Account → Extensions (for everybody) and Settings → Personal →
        Extensions (yours).
      </span>
      <div role="status">
        {me && <State tone="good">Crosswalk answers. What you send is sent as {me.person}.</State>}
        {me && !me.sender && (
          <div>
            <State tone="warn">This token can do more than send.</State> Use one of a sender, and revoke this one in
            Crosswalk.
          </div>
        )}
        {me && me.role === "viewer" && (
          <div>
            <State tone="warn">{me.person} may look and not send.</State> An owner of Crosswalk can give the role editor.
          </div>
        )}
        {me && <div>The token ends on {new Date(me.ends_at).toLocaleDateString()}.</div>}
      </div>
      {trouble && <Wrong trouble={trouble} />}
      <Button busy={busy} onPress={test}>
        {busy ? "Asking Crosswalk …" : "Test the settings"}
      </Button>
    </div>
  );
};

aha.on("crosswalk", (_, { settings }) => <Settings settings={settings} />);
