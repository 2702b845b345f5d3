/** The deployments that can hold conversations, and the voices that theirs have. */

import { useEffect } from "react";

import type { Deployment } from "../../api/resources";
import { useRouteParameter } from "../../shell/route";
import { useDeploymentsFor } from "../useDeploymentsFor";
import type { RealtimeClient } from "./session/RealtimeClient";
import type { Settings } from "./session/settings";
import type { State } from "./session/state";

export interface Deployments {
  /** Null until they are known. */
  readonly realtime: readonly Deployment[] | null;
  readonly voices: readonly string[];
  /** Why they are not known; null where they are. */
  readonly error: unknown;
  readonly reload: () => void;
}

export function useDeployments(client: RealtimeClient, state: State, change: (changed: Partial<Settings>) => void): Deployments {
  const { deployments: realtime, voicesOf, error, reload } = useDeploymentsFor("realtime");

  const hasLost = state.connection.phase === "lost";
  useEffect(() => {
    if (hasLost) reload(); // It may be gone.
  }, [hasLost, reload]);

  const { deployment } = state;
  useEffect(() => {
    const [first] = realtime ?? [];
    if (deployment === null && first !== undefined) client.dispatch({ type: "deployment", name: first.name });
  }, [client, deployment, realtime]);

  const asked = useRouteParameter("realtime", "deployment");
  useEffect(() => {
    const { phase } = client.snapshot().connection;
    // A conversation that goes on is not left for another deployment.
    if (asked !== null && (phase === "off" || phase === "lost")) client.dispatch({ type: "deployment", name: asked });
  }, [client, asked]);

  const voices = voicesOf(deployment);
  const { voice } = state.settings;
  useEffect(() => {
    const [first] = voices;
    if (first !== undefined && (voice === null || !voices.includes(voice))) change({ voice: first });
  }, [voices, voice, change]);

  return { realtime, voices, error, reload };
}
