/** While it records: for how long, how loud, and how to end it. */

import { Button, makeStyles, Text, tokens, Tooltip } from "@fluentui/react-components";
import { DeleteRegular, RecordStopFilled } from "@fluentui/react-icons";
import type { ReactNode } from "react";

import { LevelMeter } from "../../audio/LevelMeter";
import type { Recorded } from "../../audio/recorder";
import { useText } from "../../text/LanguageProvider";
import { durationText } from "./durationText";
import { text } from "./text";

const useStyles = makeStyles({
  bar: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalM },
  light: {
    width: "10px",
    height: "10px",
    flexShrink: 0,
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorPaletteRedBackground3,
    animationName: { from: { opacity: 1 }, to: { opacity: 0.3 } },
    animationDuration: "800ms",
    animationDirection: "alternate",
    animationIterationCount: "infinite",
    "@media (prefers-reduced-motion: reduce)": { animationName: "none" },
  },
  time: { fontVariantNumeric: "tabular-nums", minWidth: "36px" },
  level: { flexGrow: 1, minWidth: 0 },
});

interface RecordingBarProps {
  readonly recorded: Recorded;
  readonly onStop: () => void;
  readonly onDiscard: () => void;
}

export function RecordingBar({ recorded, onStop, onDiscard }: RecordingBarProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  return (
    <div className={styles.bar} role="group" aria-label={t("recording")}>
      <span className={styles.light} />
      <Text className={styles.time} role="timer" aria-label={t("recording")}>
        {durationText(recorded.elapsedMs)}
      </Text>
      <div className={styles.level}>
        <LevelMeter level={recorded.level} label={t("level")} />
      </div>
      <Tooltip content={t("discardRecording")} relationship="label">
        <Button appearance="subtle" icon={<DeleteRegular />} onClick={onDiscard} />
      </Tooltip>
      {/* What was pressed to begin ends it, too. */}
      <Button autoFocus appearance="primary" icon={<RecordStopFilled />} aria-label={t("stopRecording")} onClick={onStop}>
        {t("stop")}
      </Button>
    </div>
  );
}
