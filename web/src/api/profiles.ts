/** The profiles: which engines answer for a deployment, and with which voices. */

import { call } from "./http";

export interface Profile {
  readonly name: string;
  readonly voices: readonly string[];
  readonly recognizer: string;
  readonly language_model: string;
  readonly synthesizer: string;
}

export async function listProfiles(): Promise<readonly Profile[]> {
  return (await call<{ profiles: Profile[] }>("portal/api/profiles")).profiles;
}
