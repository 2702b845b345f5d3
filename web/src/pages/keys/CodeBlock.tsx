/** Lines to be copied. They scroll sideways by themselves, also with the arrow keys. */

import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  code: {
    margin: 0,
    padding: tokens.spacingHorizontalL,
    overflowX: "auto",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
});

export interface CodeBlockProps {
  readonly label: string;
  readonly children: string;
}

export function CodeBlock({ label, children }: CodeBlockProps): ReactNode {
  return (
    <pre className={useStyles().code} tabIndex={0} role="region" aria-label={label}>
      <code>{children}</code>
    </pre>
  );
}
