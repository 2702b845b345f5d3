/** How long the user waited for a reply, and for what. */

import { InfoButton, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

import { useText } from "../../text/LanguageProvider";
import { segments, type Stage, type Turn } from "./session/turns";
import { text } from "./text";

const useStyles = makeStyles({
  strip: { display: "flex", flexDirection: "column", paddingTop: tokens.spacingVerticalXS, width: "min(560px, 100%)", minWidth: "200px" },
  bar: { display: "flex", gap: "2px", height: "6px", borderRadius: tokens.borderRadiusCircular, overflow: "hidden" },
  legend: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  stages: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalM,
    margin: 0,
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
  },
  stage: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  number: { margin: 0, color: tokens.colorNeutralForeground1, fontVariantNumeric: "tabular-nums" },
  mark: { width: "8px", height: "8px", borderRadius: "2px", flexShrink: 0 },
  silence: { backgroundColor: tokens.colorNeutralStroke1 },
  recognition: { backgroundColor: tokens.colorPaletteTealBorderActive },
  firstToken: { backgroundColor: tokens.colorPaletteMarigoldBorderActive },
  firstAudio: { backgroundColor: tokens.colorBrandBackground },
});

export function LatencyStrip({ turn }: { readonly turn: Turn }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const parts = segments(turn);
  if (parts.length === 0) return null;
  const since: Readonly<Record<Stage, number | null>> = {
    silence: turn.silenceMs,
    recognition: turn.recognizedMs,
    firstToken: turn.firstTokenMs,
    firstAudio: turn.firstAudioMs,
  };
  const shown = (ms: number): string =>
    ms < 1000 ? t("milliseconds", { n: Math.round(ms) }) : t("seconds", { n: (ms / 1000).toFixed(2) });
  return (
    <div className={styles.strip} role="group" aria-label={t("latency")}>
      <div className={styles.bar} aria-hidden>
        {parts.map(({ stage, ms }) => (
          <div key={stage} className={styles[stage]} style={{ flex: `${String(Math.max(ms, 1))} 1 0` }} />
        ))}
      </div>
      <div className={styles.legend}>
        <dl className={styles.stages}>
        {parts.map(({ stage }) => (
          <div key={stage} className={styles.stage}>
            <span className={mergeClasses(styles.mark, styles[stage])} aria-hidden />
            <dt>{t(stage)}</dt>
            <dd className={styles.number}>{shown(since[stage] ?? 0)}</dd>
          </div>
        ))}
        </dl>
        <InfoButton size="small" info={t("latencyHint")} aria-label={t("about")} />
      </div>
    </div>
  );
}
