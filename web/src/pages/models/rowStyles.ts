/** How the rows of this page's tables look. */

import { makeStyles, tokens } from "@fluentui/react-components";

/** Where a table's columns do not fit side by side. */
export const NARROW = "@media (max-width: 900px)";

export const useRowStyles = makeStyles({
  cell: { padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalS}`, height: "auto" },
  /** The lines of one cell. */
  stack: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS, overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2 },
  narrowOnly: { display: "none", [NARROW]: { display: "block" } },
});
