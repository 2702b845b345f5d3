/** The last half hour as a row of bars, the running minute in colour, with its numbers beside it. */

import { Caption1, makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

import { useFormats } from "../../shell/formats";
import { useText } from "../../text/LanguageProvider";
import { barsOf, summaryOf } from "./bars";
import { text } from "./text";

const SIZE = { width: 60, height: 28, gap: 0.5 };

const useStyles = makeStyles({
  chart: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, minWidth: 0 },
  drawing: { flex: "1 1 60px", minWidth: "60px", maxWidth: "120px", height: "32px", overflow: "visible" },
  ground: { stroke: tokens.colorNeutralStroke2 },
  bar: { fill: tokens.colorNeutralForeground4 },
  now: { fill: tokens.colorBrandForeground1 },
  numbers: { display: "flex", flexDirection: "column", whiteSpace: "nowrap" },
  total: { color: tokens.colorNeutralForeground3 },
});

export interface SparklineProps {
  readonly what: "requests" | "tokens";
  /** By minute; undefined where they are not known yet. */
  readonly values: readonly number[] | undefined;
}

export function Sparkline({ what, values }: SparklineProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { number, short } = useFormats();
  if (values === undefined) return <Text aria-hidden>–</Text>;
  const { total, now, highest } = summaryOf(values);
  const numbers = { total: number(total), now: number(now), highest: number(highest) };
  return (
    <span className={styles.chart}>
      <svg
        role="img"
        aria-label={t(what === "requests" ? "requestsChart" : "tokensChart", numbers)}
        className={styles.drawing}
        viewBox={`0 0 ${String(SIZE.width)} ${String(SIZE.height + 4)}`}
        preserveAspectRatio="none"
      >
        <line className={styles.ground} x1={0} x2={SIZE.width} y1={SIZE.height + 2} y2={SIZE.height + 2} />
        {barsOf(values, SIZE).map((bar, index) => (
          <rect
            key={index}
            className={mergeClasses(styles.bar, index === values.length - 1 && styles.now)}
            {...bar}
          />
        ))}
      </svg>
      <span className={styles.numbers} aria-hidden>
        <Text weight="semibold">{t("perMinute", { n: short(now) })}</Text>
        <Caption1 className={styles.total}>{t("inHalfHour", { n: short(total) })}</Caption1>
      </span>
    </span>
  );
}
