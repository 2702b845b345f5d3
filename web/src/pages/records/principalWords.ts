/** Who asked, in words where there are some. */

import { useText } from "../../text/LanguageProvider";
import { text } from "./text";

const NAMED = ["key1", "key2", "portal"] as const;

/** A principal that is no key and not the portal is an object id. */
export function usePrincipalWords(): (principal: string) => string {
  const t = useText(text);
  return (principal) => {
    const named = NAMED.find((name) => name === principal);
    return named === undefined ? principal : t(named);
  };
}
