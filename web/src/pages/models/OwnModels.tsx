/** How to run models that the catalogue does not have. */

import { Card, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

import { CopyButton } from "../../shell/CopyButton";
import { useText } from "../../text/LanguageProvider";
import { text } from "./text";

const EXAMPLE = `[profiles.default]
language_model = "/models/Qwen2.5-7B-Instruct-Q4_K_M.gguf"`;

const useStyles = makeStyles({
  words: { maxWidth: "80ch" },
  title: { margin: 0 },
  code: {
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
    overflowWrap: "anywhere",
    whiteSpace: "pre-wrap",
  },
});

export function OwnModels(): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  return (
    <Card appearance="outline" role="region" aria-label={t("ownTitle")}>
      <Subtitle2 as="h2" className={styles.title}>
        {t("ownTitle")}
      </Subtitle2>
      <Text className={styles.words}>{t("ownAbout")}</Text>
      <div className={styles.code}>
        <pre className={styles.lines} aria-label={t("ownExample")}>
          {EXAMPLE}
        </pre>
        <CopyButton label={t("copyExample")} content={EXAMPLE} />
      </div>
    </Card>
  );
}
