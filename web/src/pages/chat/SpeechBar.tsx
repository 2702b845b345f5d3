/** A stretch of speech to listen to: play and pause, its waveform to seek in, its length, its file. */

import { Button, Caption1, makeStyles, mergeClasses, tokens, Tooltip } from "@fluentui/react-components";
import { ArrowDownloadRegular, PauseFilled, PlayFilled } from "@fluentui/react-icons";
import { useMemo, useSyncExternalStore, type ReactNode } from "react";

import { concatenated, milliseconds, peaksOf } from "../../audio/pcm";
import type { SpeechPlayer } from "../../audio/speechPlayer";
import { Waveform } from "../../audio/Waveform";
import { useText } from "../../text/LanguageProvider";
import { durationText } from "./durationText";
import { text } from "./text";

const BARS_A_SECOND = 8;
const MOST_BARS = 72;
const PIXELS_A_BAR = 5;

const useStyles = makeStyles({
  bar: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, minWidth: 0 },
  waveform: { flexShrink: 1, minWidth: "40px" },
  time: { color: tokens.colorNeutralForeground2, fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" },
});

export interface SpeechBarProps {
  readonly id: string;
  /** What it is called, as in "Play the reply". */
  readonly name: string;
  readonly samples: readonly Int16Array[];
  /** False while more of it arrives. */
  readonly isWhole: boolean;
  readonly player: SpeechPlayer;
  readonly onDownload?: (() => void) | undefined;
  readonly className?: string;
}

export function SpeechBar({ id, name, samples, isWhole, player, onDownload, className }: SpeechBarProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { isPlaying, positionMs } = useSyncExternalStore(player.subscribe, () => player.stateOf(id));
  const { peaks, durationMs } = useMemo(() => {
    const whole = concatenated(samples);
    const lengthMs = milliseconds(whole.length);
    const bars = Math.min(MOST_BARS, Math.max(1, Math.ceil((lengthMs / 1000) * BARS_A_SECOND)));
    return { peaks: peaksOf(whole, bars), durationMs: lengthMs };
  }, [samples]);

  const playFrom = (fromMs: number): void => {
    player.start(id, samples, { isWhole, fromMs });
  };
  const toggle = (): void => {
    if (isPlaying) player.pause();
    else if (positionMs > 0) player.resume();
    else playFrom(0);
  };
  const label = t(isPlaying ? "pause" : "play", { name });
  return (
    <div className={mergeClasses(styles.bar, className)}>
      <Tooltip content={label} relationship="label">
        <Button
          appearance="subtle"
          shape="circular"
          icon={isPlaying ? <PauseFilled /> : <PlayFilled />}
          disabled={samples.length === 0}
          onClick={toggle}
        />
      </Tooltip>
      <div className={styles.waveform} style={{ width: `${String(peaks.length * PIXELS_A_BAR)}px` }}>
        <Waveform
          peaks={peaks}
          progress={durationMs === 0 ? 0 : positionMs / durationMs}
          label={t("seek", { name })}
          onSeek={(position) => {
            playFrom(position * durationMs);
          }}
        />
      </div>
      <Caption1 className={styles.time}>
        {positionMs > 0 ? `${durationText(positionMs)} / ${durationText(durationMs)}` : durationText(durationMs)}
      </Caption1>
      {onDownload !== undefined && (
        <Tooltip content={t("download", { name })} relationship="label">
          <Button appearance="subtle" shape="circular" icon={<ArrowDownloadRegular />} onClick={onDownload} />
        </Tooltip>
      )}
    </div>
  );
}
