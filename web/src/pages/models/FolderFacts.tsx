/** Where the models lie, how much they take, and how much room is left. */

import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

import type { ModelFolder } from "../../api/models";
import { CopyButton } from "../../shell/CopyButton";
import { useFormats } from "../../shell/formats";
import { useText } from "../../text/LanguageProvider";
import { text } from "./text";

const useStyles = makeStyles({
  facts: {
    display: "flex",
    flexWrap: "wrap",
    gap: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXXXL}`,
    margin: 0,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  fact: { minWidth: 0 },
  folder: { flexGrow: 1 },
  name: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200 },
  value: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    minHeight: "32px",
    margin: 0,
    fontWeight: tokens.fontWeightSemibold,
  },
  path: { fontFamily: tokens.fontFamilyMonospace, fontWeight: tokens.fontWeightRegular, overflowWrap: "anywhere" },
});

export function FolderFacts({ folder }: { readonly folder: ModelFolder }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { bytes } = useFormats();
  const downloaded = folder.models
    .filter(({ state }) => state === "whole" || state === "unverified")
    .reduce((sum, model) => sum + model.bytes, 0);
  return (
    <dl className={styles.facts}>
      <div className={mergeClasses(styles.fact, styles.folder)}>
        <dt className={styles.name}>{t("folder")}</dt>
        <dd className={styles.value}>
          <span className={styles.path}>{folder.directory}</span>
          <CopyButton size="small" label={t("copyFolder")} content={folder.directory} />
        </dd>
      </div>
      <div className={styles.fact}>
        <dt className={styles.name}>{t("used")}</dt>
        <dd className={styles.value}>{bytes(downloaded)}</dd>
      </div>
      <div className={styles.fact}>
        <dt className={styles.name}>{t("free")}</dt>
        <dd className={styles.value}>{bytes(folder.free_bytes)}</dd>
      </div>
    </dl>
  );
}
