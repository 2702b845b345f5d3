/** What goes on with the microphone, wherever the user is: a conversation by voice, or a recording. */

import { createContext, use, useEffect, useSyncExternalStore } from "react";

export interface Ongoing {
  /** The page where it is. */
  readonly route: "chat" | "realtime";
  readonly microphone: "on" | "muted" | "off";
  readonly stop: () => void;
}

export class OngoingActivities {
  private activities: readonly Ongoing[] = [];
  private readonly listeners = new Set<() => void>();

  readonly current = (): readonly Ongoing[] => this.activities;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  /** Returns how to say that it has ended. */
  begin(activity: Ongoing): () => void {
    this.change([...this.activities, activity]);
    return () => {
      this.change(this.activities.filter((each) => each !== activity));
    };
  }

  private change(activities: readonly Ongoing[]): void {
    this.activities = activities;
    for (const listener of this.listeners) listener();
  }
}

export const OngoingContext = createContext<OngoingActivities | null>(null);

function useActivities(): OngoingActivities {
  const activities = use(OngoingContext);
  if (activities === null) throw new Error("OngoingContext is missing");
  return activities;
}

/** Say what goes on, for as long as `isOn`. */
export function useOngoing(
  isOn: boolean,
  { route, microphone, stop }: Ongoing,
): void {
  const activities = useActivities();
  useEffect(
    () => (isOn ? activities.begin({ route, microphone, stop }) : undefined),
    [activities, isOn, route, microphone, stop],
  );
}

export function useAllOngoing(): readonly Ongoing[] {
  const activities = useActivities();
  return useSyncExternalStore(activities.subscribe, activities.current);
}
