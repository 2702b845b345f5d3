/** Keeps a conversation going: asks for replies, and has them spoken as they arrive. */

import { ApiError } from "../../api/http";
import type { SpeechPlayer } from "../../audio/speechPlayer";
import { newId } from "../../shell/ids";
import type { completion } from "./completion";
import { converse, EMPTY, upToLastQuestion, type Change, type Conversation, type Question } from "./conversation";
import { faultOf } from "./faults";
import type { Settings } from "./settings";

type Speaker = Pick<SpeechPlayer, "prepare" | "start" | "feed" | "finish" | "stop">;

/** The one owner of a conversation. Whoever shows it subscribes. */
export class Chat {
  private conversation: Conversation = EMPTY;
  private running: { readonly replyId: string; readonly stopper: AbortController } | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly speaker: Speaker;
  private readonly complete: typeof completion;

  constructor(speaker: Speaker, complete: typeof completion) {
    this.speaker = speaker;
    this.complete = complete;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly current = (): Conversation => this.conversation;

  /** `replacing` is the id of the message in whose place the question goes; what followed that is dropped. */
  ask(question: Question, settings: Settings, replacing: string | null = null): void {
    this.stop();
    const replyId = newId();
    const message = { role: "user", id: newId(), ...question } as const;
    this.change({ type: "asked", message, replyId, replacing });
    void this.answer(replyId, settings);
  }

  /** Ask for another reply to the last question. */
  retry(settings: Settings): void {
    this.stop();
    const replyId = newId();
    this.change({ type: "retried", replyId });
    void this.answer(replyId, settings);
  }

  /** Keeps what came of the reply, and falls silent. */
  stop(): void {
    this.speaker.stop();
    if (this.running === null) return;
    const { replyId, stopper } = this.running;
    this.running = null;
    stopper.abort();
    this.change({ type: "stopped", replyId });
  }

  clear(): void {
    this.stop();
    this.change({ type: "cleared" });
  }

  dismissFault(): void {
    this.change({ type: "faultDismissed" });
  }

  private async answer(replyId: string, settings: Settings): Promise<void> {
    const stopper = new AbortController();
    this.running = { replyId, stopper };
    if (settings.speaks && settings.isAloud) this.speaker.prepare();
    try {
      await this.receive(replyId, settings, stopper.signal).catch((error: unknown) => {
        if (!(error instanceof ApiError && error.code === "audio_not_found")) throw error;
        // The server has forgotten a reply's speech; its words do as well.
        this.change({ type: "forgotten" });
        return this.receive(replyId, settings, stopper.signal);
      });
    } catch (error) {
      if (!stopper.signal.aborted) this.change({ type: "failed", replyId, fault: faultOf(error, settings.deployment) });
    }
    if (stopper.signal.aborted) return;
    this.speaker.finish(replyId);
    this.running = null;
  }

  private async receive(replyId: string, settings: Settings, signal: AbortSignal): Promise<void> {
    const messages = upToLastQuestion(this.conversation.messages);
    for await (const part of this.complete({ settings, messages, nowSeconds: Date.now() / 1000 }, signal)) {
      if (signal.aborted) return;
      this.change({ ...part, replyId });
      if (settings.isAloud && part.type === "spoke" && part.piece.samples !== undefined) {
        this.speak(replyId, part.piece.samples);
      }
    }
  }

  /** Until the user listens to something else. */
  private speak(replyId: string, samples: Int16Array): void {
    const reply = this.conversation.messages.find((message) => message.id === replyId);
    const isFirst = reply?.role === "assistant" && reply.speech?.samples.length === 1;
    if (isFirst) this.speaker.start(replyId, [samples], { isWhole: false });
    else this.speaker.feed(replyId, samples);
  }

  private change(change: Change): void {
    this.conversation = converse(this.conversation, change);
    for (const listener of this.listeners) listener();
  }
}
