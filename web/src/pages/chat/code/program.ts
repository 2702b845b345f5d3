/** What a program is about, whatever its language. */

import type { Value } from "./literal";

export type Credential = "key" | "keyless";

export interface Program {
  readonly endpoint: string;
  readonly deployment: string;
  readonly credential: Credential;
  /** The body of the request but for the model, which each language names in its own way. */
  readonly body: Readonly<Record<string, Value>>;
  /** Whether it reads recordings from files. */
  readonly readsFiles: boolean;
  /** How the file of the answer is called; null where the answer is text. */
  readonly answerFile: string | null;
}

