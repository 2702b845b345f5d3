/** The last events that were exchanged, for the inspector: recordings are left out of them, so that memory stays bounded. */

export type Lane = "client" | "server";

export interface Logged {
  readonly id: number;
  readonly lane: Lane;
  /** Unix milliseconds. */
  readonly at: number;
  readonly type: string;
  /** The event as JSON; in place of audio, how much of it there was. */
  readonly json: string;
  /** How many such events came one after the other: stretches of the microphone are too many to be told one by one. */
  readonly count: number;
}

const MOST_EVENTS = 5_000;
/** How often listeners are told, in milliseconds. */
const TOLD_EVERY_MS = 200;
const APPEND = "input_audio_buffer.append";

export class EventLog {
  private logged: Logged[] = [];
  private seen: readonly Logged[] = [];
  private nextId = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly listeners = new Set<() => void>();

  add(lane: Lane, event: { readonly type: string }, at: number): void {
    const last = this.logged.at(-1);
    if (event.type === APPEND && last?.type === APPEND) {
      this.logged[this.logged.length - 1] = { ...last, count: last.count + 1 };
    } else {
      this.logged.push({ id: this.nextId++, lane, at, type: event.type, json: abbreviated(event), count: 1 });
      // Cut by the thousand: to move all of them for each that comes would be slow.
      if (this.logged.length >= MOST_EVENTS + 1_000) this.logged = this.logged.slice(-MOST_EVENTS);
    }
    this.timer ??= setTimeout(() => {
      this.flush();
    }, TOLD_EVERY_MS);
  }

  clear(): void {
    this.logged = [];
    this.flush();
  }

  /** What there was when listeners were last told. */
  readonly snapshot = (): readonly Logged[] => this.seen;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  /** Tell what there is by now. */
  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.seen = this.logged.slice(-MOST_EVENTS);
    for (const listener of this.listeners) listener();
  }
}

/** JSON in which audio is told by its size. */
function abbreviated(event: { readonly type: string }): string {
  const isAudioDelta = event.type === "response.audio.delta";
  return JSON.stringify(event, (key, value: unknown) => {
    const isAudio = typeof value === "string" && (key === "audio" || (isAudioDelta && key === "delta"));
    return isAudio ? `… ${String(Math.floor((value.length * 3) / 4))} bytes of audio` : value;
  });
}

export interface Filter {
  readonly lane: Lane | null;
  /** Anywhere in the event, its type included. */
  readonly text: string;
}

export function filtered(logged: readonly Logged[], { lane, text }: Filter): readonly Logged[] {
  const wanted = text.trim().toLowerCase();
  if (lane === null && wanted === "") return logged;
  return logged.filter(
    (each) => (lane === null || each.lane === lane) && (wanted === "" || each.json.toLowerCase().includes(wanted)),
  );
}

/** One JSON object a line. */
export function jsonLines(logged: readonly Logged[]): string {
  return logged
    .map(({ at, lane, count, json }) =>
      JSON.stringify({ at: new Date(at).toISOString(), lane, count, event: JSON.parse(json) as unknown }),
    )
    .map((line) => `${line}\n`)
    .join("");
}
