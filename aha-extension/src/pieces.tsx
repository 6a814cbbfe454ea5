// What both views are made of. Colours are the page's own, so that they are right in its dark mode too.
import React from "react";
import { Place, Trouble } from "./crosswalk";

const SHAPES: { [tone in Place["tone"]]: string } = { good: "✓", busy: "↻", warn: "◆", bad: "■", quiet: "○" };
const BUTTON: React.CSSProperties = {
  font: "inherit",
  color: "inherit",
  background: "transparent",
  border: "1px solid currentColor",
  borderRadius: 4,
  padding: "4px 10px",
  minHeight: 28,
  cursor: "pointer",
};
export const STACK: React.CSSProperties = { display: "grid", gap: 6, justifyItems: "start", overflowWrap: "anywhere" };

export const State = ({ tone, children }: { tone: Place["tone"]; children: React.ReactNode }) => (
  <span>
    <span aria-hidden="true">{SHAPES[tone]} </span>
    {children}
  </span>
);

export const Wrong = ({ trouble }: { trouble: Trouble }) => (
  <div role="alert">
    <State tone="bad">{trouble.message}</State> {trouble.remedy}
  </div>
);

/** A button that says it is busy and stays where it is: a disabled one would lose the focus. */
export const Button = ({ busy, onPress, children }: { busy: boolean; onPress: () => void; children: React.ReactNode }) => (
  <button type="button" style={BUTTON} aria-disabled={busy} onClick={() => busy || onPress()}>
    {children}
  </button>
);

export const Outside = ({ href, where, children }: { href: string; where: string; children: React.ReactNode }) => (
  <a href={aha.sanitizeUrl(href)} target="_blank" rel="noopener noreferrer" style={{ color: "inherit" }} title={`Opens ${where}`}>
    {children}
  </a>
);
