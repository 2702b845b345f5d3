/** How to run models that the catalogue does not have. */

import { Card, makeStyles, Subtitle2, Text } from "@fluentui/react-components";
import type { ReactNode } from "react";

import { CopyableLines } from "../../shell/CopyableLines";
import { useText } from "../../text/LanguageProvider";
import { text } from "./text";

const EXAMPLE = `[profiles.default]
language_model = "/models/Qwen2.5-7B-Instruct-Q4_K_M.gguf"`;

const useStyles = makeStyles({
  words: { maxWidth: "80ch" },
  title: { margin: 0 },
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
      <CopyableLines content={EXAMPLE} label={t("ownExample")} copyLabel={t("copyExample")} />
    </Card>
  );
}
