/** The words of what pages have in common: errors, confirmations, copying. */

import type { Translated } from "../../text/languages";

import { en } from "./en";
import { fr } from "./fr";
import { it } from "./it";

export const furnitureText: Translated<typeof en> = { en, fr, it };
