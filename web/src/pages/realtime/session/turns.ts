/** How long each turn took, by what the page itself can see: when the events arrive. */

/** The user has finished: from here on they wait. */
export interface TurnStart {
  readonly how: "spoken" | "typed" | "answered";
  readonly at: number;
  /** From the user's last sound to the end of the turn; null where nobody listened for it. */
  readonly silenceMs: number | null;
  /** Of what was said, once it has an id. */
  readonly itemId: string | null;
  /** From the end of the turn, as all that follow. */
  readonly recognizedMs: number | null;
}

export interface Turn extends TurnStart {
  readonly firstTokenMs: number | null;
  readonly firstAudioMs: number | null;
}

export type Turns = Readonly<Record<string, Turn>>;

export type Milestone = "firstTokenMs" | "firstAudioMs";

export function begin(start: TurnStart): Turn {
  return { ...start, firstTokenMs: null, firstAudioMs: null };
}

/** Note the first time that a turn came so far. */
export function reach(turns: Turns, responseId: string, milestone: Milestone, at: number): Turns {
  const turn = turns[responseId];
  if (turn === undefined || turn[milestone] !== null) return turns;
  return { ...turns, [responseId]: { ...turn, [milestone]: at - turn.at } };
}

/** Note when it was known what the user had said: the reply does not wait for that, nor for its telling. */
export function recognize(turns: Turns, itemId: string, at: number): Turns {
  const found = Object.entries(turns).find(([, turn]) => turn.itemId === itemId);
  if (found === undefined) return turns;
  const [responseId, turn] = found;
  return { ...turns, [responseId]: { ...turn, recognizedMs: at - turn.at } };
}

export type Stage = "silence" | "recognition" | "firstToken" | "firstAudio";

export interface Segment {
  /** What ended this stretch of time. */
  readonly stage: Stage;
  readonly ms: number;
}

/** The stages in the order in which they were reached, each with the time since the one before it. */
export function segments(turn: Turn): readonly Segment[] {
  const reached: (readonly [Stage, number | null])[] = [
    ["recognition", turn.recognizedMs],
    ["firstToken", turn.firstTokenMs],
    ["firstAudio", turn.firstAudioMs],
  ];
  const inOrder = reached
    .filter((milestone): milestone is readonly [Stage, number] => milestone[1] !== null)
    .sort(([, one], [, other]) => one - other);
  let before = 0;
  const waited = inOrder.map(([stage, ms]) => {
    const segment = { stage, ms: ms - before };
    before = ms;
    return segment;
  });
  return turn.silenceMs === null ? waited : [{ stage: "silence", ms: turn.silenceMs }, ...waited];
}

/** So much quieter than the loudest sound of an utterance, the user has fallen silent: 20 dB. */
const QUIET_SHARE = 0.1;

export interface Heard {
  readonly at: number;
  /** Root mean square, 0 to 1. */
  readonly level: number;
}

/** When the user was last heard; null where nobody was. */
export function lastSoundAt(heard: readonly Heard[]): number | null {
  const loudest = heard.reduce((level, each) => Math.max(level, each.level), 0);
  return loudest === 0 ? null : (heard.findLast((each) => each.level >= loudest * QUIET_SHARE)?.at ?? null);
}
