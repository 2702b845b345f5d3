/** The words of the page of deployments. */

import type { Translated } from "../../../text/languages";

import { en } from "./en";
import { fr } from "./fr";
import { it } from "./it";

export const text: Translated<typeof en> = { en, fr, it };
