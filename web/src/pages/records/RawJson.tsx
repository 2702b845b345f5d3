/** JSON as it is, folded away until somebody wants it. */

import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

import { CopyButton } from "../../shell/CopyButton";
import { useText } from "../../text/LanguageProvider";
import { text } from "./text";

const useStyles = makeStyles({
  summary: {
    cursor: "pointer",
    padding: `${tokens.spacingVerticalS} 0`,
    fontSize: tokens.fontSizeBase300,
    color: tokens.colorNeutralForeground1,
  },
  box: { position: "relative" },
  json: {
    margin: 0,
    maxHeight: "360px",
    overflow: "auto",
    padding: tokens.spacingHorizontalM,
    paddingRight: "48px",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  },
  copy: { position: "absolute", top: tokens.spacingVerticalXS, right: tokens.spacingHorizontalL },
});

export function RawJson({ title, value }: { readonly title: string; readonly value: unknown }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const json = JSON.stringify(value, null, 2);
  return (
    <details>
      <summary className={styles.summary}>{title}</summary>
      <div className={styles.box}>
        <pre className={styles.json} tabIndex={0} role="region" aria-label={title}>
          {json}
        </pre>
        <span className={styles.copy}>
          <CopyButton size="small" label={`${t("copyJson")}: ${title}`} content={json} />
        </span>
      </div>
    </details>
  );
}
