/** Lines to be copied, as in a terminal or a file. Those that are too long go on in the next. */

import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

import { CopyButton } from "./CopyButton";

const useStyles = makeStyles({
  block: {
    display: "flex",
    alignItems: "flex-start",
    justifyContent: "space-between",
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
  },
  lines: {
    margin: 0,
    minWidth: 0,
    padding: tokens.spacingHorizontalM,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    overflowWrap: "anywhere",
    whiteSpace: "pre-wrap",
  },
});

export interface CopyableLinesProps {
  readonly content: string;
  /** What the lines are, where the text around does not say it. */
  readonly label?: string;
  /** The name of the button that copies them. */
  readonly copyLabel: string;
}

export function CopyableLines({ content, label, copyLabel }: CopyableLinesProps): ReactNode {
  const styles = useStyles();
  return (
    <div className={styles.block}>
      <pre className={styles.lines} aria-label={label}>
        {content}
      </pre>
      <CopyButton label={copyLabel} content={content} />
    </div>
  );
}
