/** Over the whole page, while files are held over it. */

import { Body1, makeStyles, Subtitle1, tokens } from "@fluentui/react-components";
import { ArrowUploadRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";

import { useText } from "../../text/LanguageProvider";
import { text } from "./text";

const useStyles = makeStyles({
  target: {
    position: "absolute",
    inset: tokens.spacingHorizontalM,
    zIndex: 1,
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    justifyContent: "center",
    gap: tokens.spacingVerticalS,
    textAlign: "center",
    // Else it would itself be left and entered.
    pointerEvents: "none",
    borderRadius: tokens.borderRadiusXLarge,
    border: `2px dashed ${tokens.colorBrandStroke1}`,
    backgroundColor: tokens.colorNeutralBackground1,
    opacity: 0.95,
  },
  icon: { fontSize: "32px", color: tokens.colorBrandForeground1 },
  advice: { color: tokens.colorNeutralForeground2 },
});

export function DropTarget(): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  return (
    <div className={styles.target}>
      <ArrowUploadRegular className={styles.icon} />
      <Subtitle1>{t("dropHere")}</Subtitle1>
      <Body1 className={styles.advice}>{t("dropAdvice")}</Body1>
    </div>
  );
}
