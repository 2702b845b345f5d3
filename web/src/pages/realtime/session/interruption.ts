/**
 * The user speaks while the reply is heard: it falls silent at once, and both sides forget what was not heard.
 *
 *  1. `interrupt`: playback is told to fall silent; from now on no audio of the reply is played any more.
 *  2. `cutOff`: playback tells how much of each message was played; the server is told to cut them there.
 *  3. `askWhatWasHeard`: the server has cut; its transcript of the message tells which words were heard.
 *  4. `noteWhatWasHeard`: it has told.
 */

import { lettersHeard, wordsOf } from "./spoken";
import { changeEntry, only, send, type Effect, type State, type Step } from "./state";
import type { Item } from "./wire";

export function interrupt(state: State, at: number): Step {
  if (state.isCall) return state.playing === null ? only(state) : { state, effects: [send({ event_id: "clear", type: "output_audio_buffer.clear" })] };
  if (state.sounding.length === 0 || state.silencingSince !== null) return only(state);
  return { state: { ...state, silencingSince: at }, effects: [{ type: "silence" }] };
}

export function cutOff(state: State, playedMs: ReadonlyMap<string, number>, at: number): Step {
  if (state.silencingSince === null) return only(state);
  const silentAfterMs = at - state.silencingSince;
  let next: State = { ...state, silencingSince: null, sounding: [], playing: null };
  const effects: Effect[] = [];
  for (const id of state.sounding) {
    const ms = Math.floor(playedMs.get(id) ?? 0);
    next = changeEntry(next, "assistant", id, (entry) => {
      if (entry.session === state.session) {
        effects.push(
          send({ event_id: `truncate_${id}`, type: "conversation.item.truncate", item_id: id, content_index: 0, audio_end_ms: ms }),
        );
      }
      return { ...entry, cut: { playedMs: ms, silentAfterMs, letters: lettersHeard(entry.pieces, ms) } };
    });
  }
  return { state: next, effects };
}

/** In a call, the server has cut what was not heard. */
export function noteCut(state: State, id: string, playedMs: number): Step {
  const cut = changeEntry(state, "assistant", id, (entry) => ({
    ...entry,
    cut: { playedMs, silentAfterMs: null, letters: wordsOf(entry.pieces).length },
  }));
  return askWhatWasHeard(cut, id);
}

export function askWhatWasHeard(state: State, id: string): Step {
  const event = { event_id: `retrieve_${id}`, type: "conversation.item.retrieve", item_id: id } as const;
  return { state, effects: [send(event)] };
}

export function noteWhatWasHeard(state: State, item: Item): Step {
  const heard = item.content?.[0]?.transcript ?? "";
  return only(
    changeEntry(state, "assistant", item.id, (entry) =>
      entry.cut !== null && wordsOf(entry.pieces).startsWith(heard)
        ? { ...entry, cut: { ...entry.cut, letters: heard.length } }
        : entry,
    ),
  );
}

/** Whether more audio of a message may be played. */
export function mayPlay(state: State, id: string): boolean {
  if (state.silencingSince !== null && state.sounding.includes(id)) return false;
  return !state.entries.some((entry) => entry.kind === "assistant" && entry.id === id && entry.cut !== null);
}

/** Playback is through with a message. */
export function finishPlaying(state: State, id: string): Step {
  return only(state, { sounding: state.sounding.filter((each) => each !== id) });
}

