/** The page's one conversation, and its settings, which the browser keeps. */

import { useCallback, useEffect, useRef, useSyncExternalStore } from "react";

import { useKept } from "../../shell/kept";
import { useOngoing } from "../../shell/ongoing";
import { rememberedJson } from "../../shell/remembered";
import { useSession } from "../../shell/sessionContext";
import { RealtimeClient } from "./session/RealtimeClient";
import { DEFAULTS, readSettings, type Settings } from "./session/settings";
import type { State } from "./session/state";

/** A session is told of what was changed once the user pauses for so long. */
const APPLIED_AFTER_MS = 400;

const remembered = rememberedJson("realtime-settings", readSettings);

export interface Realtime {
  readonly client: RealtimeClient;
  readonly state: State;
  readonly change: (changed: Partial<Settings>) => void;
}

export function useRealtime(): Realtime {
  const { account } = useSession();
  const client = useKept("realtime.client", () => new RealtimeClient(account.id, remembered.get() ?? DEFAULTS));
  const state = useSyncExternalStore(client.subscribe, client.snapshot);
  const applying = useRef<ReturnType<typeof setTimeout>>(undefined);
  const change = useCallback(
    (changed: Partial<Settings>) => {
      const settings = { ...client.snapshot().settings, ...changed };
      remembered.set(settings);
      client.dispatch({ type: "settings", settings });
      clearTimeout(applying.current);
      applying.current = setTimeout(() => {
        client.dispatch({ type: "apply" });
      }, APPLIED_AFTER_MS);
    },
    [client],
  );
  useEffect(() => {
    // Neither a tab that is closed nor a page that failed leaves a session or a microphone behind.
    const leave = (): void => {
      client.stopListening();
    };
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [client]);
  const { microphone, connection, isMuted } = state;
  useOngoing(microphone !== "off" || connection.phase === "open" || connection.phase === "connecting", {
    route: "realtime",
    microphone: microphone === "off" ? "off" : isMuted ? "muted" : "on",
    stop: client.stop,
  });
  return { client, state, change };
}
