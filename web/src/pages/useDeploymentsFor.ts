/** The deployments that can do what a playground is about, and the voices that theirs have. */

import { useCallback } from "react";

import { listProfiles, type Profile } from "../api/profiles";
import { listDeployments, type Deployment } from "../api/resources";
import { useSession } from "../shell/sessionContext";
import { useLoaded } from "../shell/useLoaded";

export interface DeploymentsFor {
  /** Null until they are known. */
  readonly deployments: readonly Deployment[] | null;
  /** By a deployment's name; none until they are known. */
  readonly voicesOf: (deployment: string | null | undefined) => readonly string[];
  /** Why they are not known, or are those known before; null where they are. */
  readonly error: unknown;
  readonly reload: () => void;
}

interface Known {
  readonly capable: readonly Deployment[];
  readonly profiles: readonly Profile[];
}

const NONE: readonly string[] = [];

export function useDeploymentsFor(capability: "chatCompletion" | "realtime"): DeploymentsFor {
  const session = useSession();
  const load = useCallback(async (): Promise<Known> => {
    const [deployments, profiles] = await Promise.all([listDeployments(session.account.id), listProfiles()]);
    return { capable: deployments.filter(({ properties }) => properties.capabilities?.[capability] === "true"), profiles };
  }, [session, capability]);
  const { data, error, reload } = useLoaded(load);
  const voicesOf = useCallback(
    (deployment: string | null | undefined) => {
      const profile = data?.capable.find(({ name }) => name === deployment)?.properties.profile;
      return data?.profiles.find(({ name }) => name === profile)?.voices ?? NONE;
    },
    [data],
  );
  return { deployments: data?.capable ?? null, voicesOf, error, reload };
}
