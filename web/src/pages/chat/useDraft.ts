/** What is being written, recorded and attached, and whether it is to replace an earlier message. */

import { useCallback } from "react";

import { useKeptState } from "../../shell/kept";
import type { Clip } from "./clips";
import type { Question, UserMessage } from "./conversation";
import { rememberedDraft } from "./settings";

const NOTHING: Question = { text: "", clips: [] };

export interface Draft {
  readonly question: Question;
  /** The id of the message that is edited. */
  readonly edited: string | null;
  readonly write: (text: string) => void;
  readonly add: (clip: Clip) => void;
  readonly remove: (clip: Clip) => void;
  readonly edit: (message: UserMessage) => void;
  /** Leaves the edited message as it was, and goes back to what was being written before. */
  readonly cancelEdit: () => void;
  /** It was sent. */
  readonly clear: () => void;
}

interface Edit {
  readonly id: string;
  readonly before: Question;
}

export function useDraft(): Draft {
  const [question, setQuestion] = useKeptState<Question>("chat.draft", () => ({ text: rememberedDraft.get() ?? "", clips: [] }));
  const [edit, setEdit] = useKeptState<Edit | null>("chat.edit", () => null);

  const add = useCallback((clip: Clip) => {
    setQuestion((known) => ({ ...known, clips: [...known.clips, clip] }));
  }, [setQuestion]);
  const replace = (next: Question): void => {
    setQuestion(next);
    rememberedDraft.set(next.text);
  };
  return {
    question,
    edited: edit?.id ?? null,
    add,
    write: (text) => {
      setQuestion({ ...question, text });
      // What is written over an earlier message is no draft of its own.
      if (edit === null) rememberedDraft.set(text);
    },
    remove: (clip) => {
      setQuestion({ ...question, clips: question.clips.filter((each) => each !== clip) });
    },
    edit: (message) => {
      setEdit({ id: message.id, before: edit?.before ?? question });
      setQuestion({ text: message.text, clips: message.clips });
    },
    cancelEdit: () => {
      replace(edit?.before ?? question);
      setEdit(null);
    },
    clear: () => {
      // What was being written before an edit is still to be sent.
      replace(edit?.before ?? NOTHING);
      setEdit(null);
    },
  };
}
