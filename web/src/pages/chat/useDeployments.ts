/** The deployments that can chat, and the voices of each. */

import { useCallback, useEffect, useState } from "react";

import { listProfiles, type Profile } from "../../api/profiles";
import { listDeployments, type Deployment } from "../../api/resources";
import { useSession } from "../../shell/sessionContext";
import { DEFAULTS } from "./settings";

export interface Deployments {
  /** Null until they are known. */
  readonly chatting: readonly Deployment[] | null;
  readonly voicesOf: (deployment: Deployment | undefined) => readonly string[];
  readonly reload: () => void;
}

/** `isOpen` says whether the page is in view. */
export function useDeployments(isOpen: boolean): Deployments {
  const session = useSession();
  const [deployments, setDeployments] = useState<readonly Deployment[] | null>(null);
  const [profiles, setProfiles] = useState<readonly Profile[]>([]);

  const reload = useCallback(() => {
    // What is not to be had now is asked for again with the next visit; what was known meanwhile still serves.
    listDeployments(session.account.id).then(setDeployments, () => undefined);
    listProfiles().then(setProfiles, () => undefined);
  }, [session]);

  useEffect(() => {
    // They may have changed on another page meanwhile.
    if (isOpen) reload();
  }, [reload, isOpen]);

  const voicesOf = useCallback(
    (deployment: Deployment | undefined) => {
      const profile = profiles.find(({ name }) => name === deployment?.properties.profile);
      return profile?.voices ?? [DEFAULTS.voice];
    },
    [profiles],
  );
  const chatting = deployments?.filter(({ properties }) => properties.capabilities?.["chatCompletion"] === "true") ?? null;
  return { chatting, voicesOf, reload };
}
