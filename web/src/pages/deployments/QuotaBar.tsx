/** How full a pool of capacity is: what this account has of it, what others have, what is asked for now. */

import { Caption1, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useId, type CSSProperties, type ReactNode } from "react";

import { useFormats } from "../../shell/formats";
import { useText } from "../../text/LanguageProvider";
import type { Pool } from "./capacity";
import { text } from "./text";

const TOKENS_PER_UNIT = 1000;

const useStyles = makeStyles({
  quota: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, minWidth: 0 },
  line: { display: "flex", flexWrap: "wrap", justifyContent: "space-between", columnGap: tokens.spacingHorizontalL },
  name: { fontWeight: tokens.fontWeightSemibold, overflowWrap: "anywhere" },
  numbers: { color: tokens.colorNeutralForeground2 },
  track: {
    display: "flex",
    gap: "2px",
    height: "8px",
    overflow: "hidden",
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralBackground5,
    // Where colours are forced, the ground still has an edge.
    outline: `1px solid ${tokens.colorTransparentStroke}`,
  },
  part: { minWidth: "3px", backgroundColor: tokens.colorCompoundBrandBackground, forcedColorAdjust: "none" },
  others: { backgroundColor: tokens.colorNeutralForeground3 },
  full: { backgroundColor: tokens.colorStatusDangerBackground3 },
});

export interface QuotaBarProps {
  readonly pool: Pool;
  /** In place of what the account has now: with the capacity that is being chosen. */
  readonly own?: number;
}

export function QuotaBar({ pool, own = pool.own }: QuotaBarProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const id = useId();
  const { short, percent } = useFormats();
  const used = own + pool.others;
  const isFull = used > pool.limit;
  const amount = t("quotaUsed", { used: short(used * TOKENS_PER_UNIT), limit: short(pool.limit * TOKENS_PER_UNIT) });
  const part = t("quotaPart", { percent: percent(pool.limit === 0 ? 1 : used / pool.limit) });
  const left = t("quotaLeft", { n: short(Math.max(0, pool.limit - used) * TOKENS_PER_UNIT) });
  const others = pool.others > 0 ? t("quotaOthers", { n: short(pool.others * TOKENS_PER_UNIT) }) : null;
  const width = (capacity: number): CSSProperties => ({
    width: `${String(Math.min(100, (capacity / Math.max(1, pool.limit)) * 100))}%`,
  });
  return (
    <div className={styles.quota}>
      <div className={styles.line}>
        <Caption1 id={id} className={styles.name}>
          {pool.model} · {pool.sku}
        </Caption1>
        <Caption1 className={styles.numbers}>{amount}</Caption1>
      </div>
      <div
        role="meter"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={pool.limit}
        aria-valuenow={Math.min(used, pool.limit)}
        aria-valuetext={[amount, part, others].filter((each) => each !== null).join(", ")}
        className={styles.track}
      >
        {own > 0 && <div className={mergeClasses(styles.part, isFull && styles.full)} style={width(own)} />}
        {pool.others > 0 && <div className={mergeClasses(styles.part, styles.others)} style={width(pool.others)} />}
      </div>
      <div className={styles.line}>
        <Caption1 className={styles.numbers}>{[part, others].filter((each) => each !== null).join(" · ")}</Caption1>
        <Caption1 className={styles.numbers}>{left}</Caption1>
      </div>
    </div>
  );
}
