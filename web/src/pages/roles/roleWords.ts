/** What each role allows, in the page's language. */

import type { Role } from "../../api/principals";
import { useText } from "../../text/LanguageProvider";
import { text } from "./text";

const WORDS: Readonly<Record<string, keyof (typeof text)["en"]>> = {
  "Cognitive Services User": "roleUser",
  "Cognitive Services OpenAI User": "roleOpenAiUser",
  "Cognitive Services OpenAI Contributor": "roleOpenAiContributor",
  "Cognitive Services Contributor": "roleContributor",
  Contributor: "roleGeneralContributor",
  Owner: "roleOwner",
  "User Access Administrator": "roleAccess",
};

/** A role that this page does not know is told in the server's words. */
export function useRoleWords(): (role: Role) => string {
  const t = useText(text);
  return ({ name, description }) => {
    const key = WORDS[name];
    return key === undefined ? description : t(key);
  };
}
