/** What is said of a page that cannot be opened, or that failed. */

import type { Translated } from "../../text/languages";

import { en } from "./en";
import { fr } from "./fr";
import { it } from "./it";

export const failureText: Translated<typeof en> = { en, fr, it };
