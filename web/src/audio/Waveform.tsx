/** Sound, drawn as bars. */

import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { KeyboardEvent, PointerEvent, ReactNode } from "react";

const useStyles = makeStyles({
  waveform: { display: "block", width: "100%", height: "36px", overflow: "visible" },
  seekable: { cursor: "pointer", outlineOffset: "2px", borderRadius: tokens.borderRadiusSmall },
  waiting: { fill: tokens.colorNeutralStroke1 },
  played: { fill: tokens.colorBrandForeground1 },
});

const BAR = 3;
const PITCH = 5;
const HEIGHT = 36;
const QUIETEST = 0.04;

export interface WaveformProps {
  /** How loud each bar is, 0 to 1. */
  readonly peaks: readonly number[];
  /** How much was played, 0 to 1; all bars are drawn alike without it. */
  readonly progress?: number;
  /** What it is, for those who do not see it. */
  readonly label: string;
  /** Given where the user may choose what to hear; takes 0 to 1. */
  readonly onSeek?: (position: number) => void;
}

export function Waveform({ peaks, progress, label, onSeek }: WaveformProps): ReactNode {
  const styles = useStyles();
  const width = peaks.length * PITCH;
  const seekable =
    onSeek === undefined
      ? { role: "img" }
      : {
          role: "slider",
          tabIndex: 0,
          "aria-valuemin": 0,
          "aria-valuemax": 100,
          "aria-valuenow": Math.round((progress ?? 0) * 100),
          onPointerDown: (event: PointerEvent<SVGSVGElement>) => {
            const box = event.currentTarget.getBoundingClientRect();
            onSeek((event.clientX - box.left) / box.width);
          },
          onKeyDown: (event: KeyboardEvent) => {
            const step = { ArrowLeft: -0.05, ArrowRight: 0.05, Home: -1, End: 1 }[event.key];
            if (step === undefined) return;
            event.preventDefault();
            onSeek(Math.max(0, Math.min(1, (progress ?? 0) + step)));
          },
        };
  return (
    <svg
      className={mergeClasses(styles.waveform, onSeek && styles.seekable)}
      viewBox={`0 0 ${String(Math.max(width, 1))} ${String(HEIGHT)}`}
      preserveAspectRatio="none"
      aria-label={label}
      {...seekable}
    >
      {peaks.map((peak, bar) => {
        const height = Math.max(QUIETEST, Math.min(1, peak)) * HEIGHT;
        const isPlayed = progress === undefined || bar < progress * peaks.length;
        return (
          <rect
            key={bar}
            className={isPlayed ? styles.played : styles.waiting}
            x={bar * PITCH}
            y={(HEIGHT - height) / 2}
            width={BAR}
            height={height}
            rx={1.5}
          />
        );
      })}
    </svg>
  );
}
