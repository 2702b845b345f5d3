/** What a record's operation is called. */

import type { Operation } from "../../api/records";
import type { text } from "./text";

export const KINDS: Readonly<Record<Operation, keyof (typeof text)["en"]>> = {
  chatCompletion: "chat",
  realtime: "realtime",
  audioSpeech: "speech",
  audioTranscription: "transcription",
  audioTranslation: "translation",
};
