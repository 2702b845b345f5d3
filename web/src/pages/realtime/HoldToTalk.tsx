/** Push to talk: what is said while the button, or the space bar, is held is a turn. */

import { Button, makeStyles } from "@fluentui/react-components";
import { MicPulseRegular } from "@fluentui/react-icons";
import { useEffect, type KeyboardEvent, type ReactNode } from "react";

import { usePageOpen } from "../../shell/pageOpen";
import { useText } from "../../text/LanguageProvider";
import type { RealtimeClient } from "./session/RealtimeClient";
import type { State } from "./session/state";
import { text } from "./text";

const useStyles = makeStyles({
  // Held on a touch screen it must neither scroll nor select.
  hold: { minWidth: "208px", flexGrow: 1, maxWidth: "320px", touchAction: "none", userSelect: "none" },
});

/** Where the space bar means something already. */
const TAKES_SPACE = "input, textarea, select, button, a, [role=slider], [role=combobox], [contenteditable], [role=dialog] *";

export function HoldToTalk({ client, state }: { readonly client: RealtimeClient; readonly state: State }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const isHeld = state.heldSince !== null;
  const isOpen = usePageOpen();

  useEffect(() => {
    if (!isOpen) return undefined;
    const isSpace = (event: globalThis.KeyboardEvent): boolean =>
      event.code === "Space" && !(event.target instanceof Element && event.target.closest(TAKES_SPACE) !== null);
    const press = (event: globalThis.KeyboardEvent): void => {
      if (!isSpace(event)) return;
      event.preventDefault(); // It would scroll.
      if (!event.repeat) client.hold();
    };
    const release = (event: globalThis.KeyboardEvent): void => {
      if (isSpace(event)) client.release();
    };
    // The key's release goes to the window that has the focus by then.
    const leave = (): void => {
      client.release();
    };
    window.addEventListener("keydown", press);
    window.addEventListener("keyup", release);
    window.addEventListener("blur", leave);
    return () => {
      window.removeEventListener("keydown", press);
      window.removeEventListener("keyup", release);
      window.removeEventListener("blur", leave);
    };
  }, [client, isOpen]);

  const isKey = ({ key }: KeyboardEvent): boolean => key === " " || key === "Enter";
  return (
    <Button
      size="large"
      appearance="primary"
      className={styles.hold}
      icon={<MicPulseRegular />}
      aria-pressed={isHeld}
      disabled={state.connection.phase !== "open" || state.microphone !== "on"}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        client.hold();
      }}
      onPointerUp={() => {
        client.release();
      }}
      onPointerCancel={() => {
        client.release();
      }}
      onContextMenu={(event) => {
        event.preventDefault();
      }}
      onKeyDown={(event) => {
        if (isKey(event) && !event.repeat) client.hold();
      }}
      onKeyUp={(event) => {
        if (isKey(event)) client.release();
      }}
    >
      {t(isHeld ? "held" : "hold")}
    </Button>
  );
}
