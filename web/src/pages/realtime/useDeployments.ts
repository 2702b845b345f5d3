/** The deployments that can hold conversations, and the voices that theirs have. */

import { useCallback, useEffect } from "react";

import { listProfiles, type Profile } from "../../api/profiles";
import { listDeployments, type Deployment } from "../../api/resources";
import { useSession } from "../../shell/sessionContext";
import { useLoaded } from "../../shell/useLoaded";
import type { RealtimeClient } from "./session/RealtimeClient";
import type { Settings } from "./session/settings";
import type { State } from "./session/state";

interface Known {
  readonly realtime: readonly Deployment[];
  readonly profiles: readonly Profile[];
}

export interface Deployments {
  /** Null until they are known. */
  readonly realtime: readonly Deployment[] | null;
  readonly voices: readonly string[];
  /** Why they are not known; null where they are. */
  readonly error: unknown;
  readonly reload: () => void;
}

const NONE: readonly string[] = [];

export function useDeployments(client: RealtimeClient, state: State, change: (changed: Partial<Settings>) => void): Deployments {
  const { account } = useSession();
  const load = useCallback(
    async (): Promise<Known> => {
      const [deployments, profiles] = await Promise.all([listDeployments(account.id), listProfiles()]);
      const realtime = deployments.filter(({ properties }) => properties.capabilities?.["realtime"] === "true");
      return { realtime, profiles };
    },
    [account.id],
  );
  const { data, error, reload } = useLoaded(load);
  const realtime = data?.realtime ?? null;

  const hasLost = state.connection.phase === "lost";
  useEffect(() => {
    if (hasLost) reload(); // It may be gone.
  }, [hasLost, reload]);

  const { deployment } = state;
  useEffect(() => {
    const [first] = realtime ?? [];
    if (deployment === null && first !== undefined) client.dispatch({ type: "deployment", name: first.name });
  }, [client, deployment, realtime]);

  const profile = realtime?.find(({ name }) => name === deployment)?.properties.profile;
  const voices = data?.profiles.find(({ name }) => name === profile)?.voices ?? NONE;
  const { voice } = state.settings;
  useEffect(() => {
    const [first] = voices;
    if (first !== undefined && (voice === null || !voices.includes(voice))) change({ voice: first });
  }, [voices, voice, change]);

  return { realtime, voices, error, reload };
}
