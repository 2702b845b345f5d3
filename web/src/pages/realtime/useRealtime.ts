/** The page's one conversation, and its settings, which the browser keeps. */

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";

import { rememberedJson } from "../../shell/remembered";
import { useSession } from "../../shell/sessionContext";
import { RealtimeClient } from "./session/RealtimeClient";
import { DEFAULTS, readSettings, type Settings } from "./session/settings";
import type { State } from "./session/state";

/** A session is told of what was changed once the user pauses for so long. */
const APPLIED_AFTER_MS = 400;

const kept = rememberedJson("realtime-settings", readSettings);

export interface Realtime {
  readonly client: RealtimeClient;
  readonly state: State;
  readonly change: (changed: Partial<Settings>) => void;
}

export function useRealtime(): Realtime {
  const { account } = useSession();
  const [client] = useState(() => new RealtimeClient(account.id, kept.get() ?? DEFAULTS));
  const state = useSyncExternalStore(client.subscribe, client.snapshot);
  const applying = useRef<ReturnType<typeof setTimeout>>(undefined);
  const change = useCallback(
    (changed: Partial<Settings>) => {
      const settings = { ...client.snapshot().settings, ...changed };
      kept.set(settings);
      client.dispatch({ type: "settings", settings });
      clearTimeout(applying.current);
      applying.current = setTimeout(() => {
        client.dispatch({ type: "apply" });
      }, APPLIED_AFTER_MS);
    },
    [client],
  );
  useEffect(() => {
    // A tab that is closed leaves no session behind.
    const leave = (): void => {
      client.stopListening();
    };
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
    };
  }, [client]);
  return { client, state, change };
}
