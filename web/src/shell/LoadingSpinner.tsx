/** In the place of what is being loaded. */

import { Spinner } from "@fluentui/react-components";
import type { ReactNode } from "react";

import { useText } from "../text/LanguageProvider";
import { furnitureText } from "./furnitureText";

export function LoadingSpinner(): ReactNode {
  return <Spinner label={useText(furnitureText)("loading")} />;
}
