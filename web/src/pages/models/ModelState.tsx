/** Whether a model is there, and the one thing to do about it where it is not. */

import { Button, Caption1, makeStyles, mergeClasses, ProgressBar, Text, tokens } from "@fluentui/react-components";
import {
  ArrowDownloadRegular,
  CheckmarkCircleFilled,
  CircleHalfFillRegular,
  CircleRegular,
  ErrorCircleFilled,
  ShieldQuestionRegular,
  type FluentIcon,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";

import type { CatalogueModel } from "../../api/models";
import { useFormats } from "../../shell/formats";
import { useText } from "../../text/LanguageProvider";
import { lacksRoom, partOf, standingOf, type Standing } from "./downloads";
import { text } from "./text";

type Key = keyof (typeof text)["en"];

const useStyles = makeStyles({
  state: { display: "flex", flexDirection: "column", alignItems: "flex-start", gap: tokens.spacingVerticalS },
  line: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  icon: { fontSize: "20px", flexShrink: 0 },
  good: { color: tokens.colorStatusSuccessForeground1 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  quiet: { color: tokens.colorNeutralForeground2 },
  words: { overflowWrap: "anywhere" },
  progress: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, width: "100%", maxWidth: "320px" },
  numbers: { display: "flex", flexWrap: "wrap", justifyContent: "space-between", columnGap: tokens.spacingHorizontalS },
});

const ICONS: Readonly<Record<Exclude<Standing, "pulling">, FluentIcon>> = {
  whole: CheckmarkCircleFilled,
  unverified: ShieldQuestionRegular,
  incomplete: CircleHalfFillRegular,
  missing: CircleRegular,
  failed: ErrorCircleFilled,
};

/** What the button says, and what it says to those who do not see its row. */
const ACTIONS: Readonly<Partial<Record<Standing, readonly [Key, Key]>>> = {
  unverified: ["verify", "verifyModel"],
  incomplete: ["goOn", "goOnModel"],
  missing: ["download", "downloadModel"],
  failed: ["tryAgain", "tryAgainModel"],
};

export interface ModelStateProps {
  readonly model: CatalogueModel;
  readonly freeBytes: number;
  readonly onPull: () => void;
}

export function ModelState({ model, freeBytes, onPull }: ModelStateProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { bytes } = useFormats();
  const standing = standingOf(model);
  if (standing === "pulling") return <Progress model={model} />;
  const Icon = ICONS[standing];
  const action = ACTIONS[standing];
  return (
    <div className={styles.state}>
      <span className={styles.line}>
        <Icon
          className={mergeClasses(
            styles.icon,
            standing === "whole" ? styles.good : standing === "failed" ? styles.bad : styles.quiet,
          )}
        />
        <Text>{t(standing)}</Text>
      </span>
      {model.pull?.error != null && <Caption1 className={styles.words}>{model.pull.error}</Caption1>}
      {lacksRoom(model, freeBytes) && (
        <Caption1 className={mergeClasses(styles.words, styles.bad)}>
          {t("noRoom", { needed: bytes(model.bytes), free: bytes(freeBytes) })}
        </Caption1>
      )}
      {action !== undefined && (
        <Button
          size="small"
          icon={<ArrowDownloadRegular />}
          aria-label={t(action[1], { model: model.name })}
          onClick={onPull}
        >
          {t(action[0])}
        </Button>
      )}
    </div>
  );
}

function Progress({ model }: { readonly model: CatalogueModel }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { bytes, percent } = useFormats();
  const part = partOf(model);
  return (
    <div className={styles.progress}>
      <Text>{t("pulling")}</Text>
      <ProgressBar
        value={part}
        thickness="large"
        aria-label={t("progressOf", { model: model.name })}
        aria-valuetext={percent(Math.floor(part * 100) / 100)}
      />
      <span className={styles.numbers}>
        <Caption1>{percent(Math.floor(part * 100) / 100)}</Caption1>
        <Caption1 className={styles.quiet}>
          {t("progress", { done: bytes(model.pull?.done_bytes ?? 0), total: bytes(model.pull?.total_bytes || model.bytes) })}
        </Caption1>
      </span>
    </div>
  );
}
