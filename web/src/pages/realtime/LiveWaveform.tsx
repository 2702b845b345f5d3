/** The sound of one side in the last seconds, drawn as it comes. */

import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useEffect, useRef, type ReactNode } from "react";

import type { Levels, Side } from "./session/levels";

const useStyles = makeStyles({
  waveform: { display: "block", width: "100%", height: "40px" },
  user: { color: tokens.colorPaletteTealForeground2 },
  model: { color: tokens.colorBrandForeground1 },
});

const BAR_WIDTH = 3;
const PITCH = 5;
/** Levels in a bar: 80 ms. */
const LEVELS_A_BAR = 4;
/** The quietest level that shows, in decibels of full scale. */
const FLOOR_DB = -48;

export interface LiveWaveformProps {
  readonly levels: Levels;
  readonly side: Side;
  /** Whether there is anything to be drawn anew. */
  readonly isLive: boolean;
  readonly label: string;
}

export function LiveWaveform({ levels, side, isLive, label }: LiveWaveformProps): ReactNode {
  const styles = useStyles();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    let frame = 0;
    const redraw = (): void => {
      draw(element, levels, side);
      if (isLive) frame = requestAnimationFrame(redraw);
    };
    const resized = new ResizeObserver(() => {
      draw(element, levels, side);
    });
    resized.observe(element);
    redraw();
    return () => {
      cancelAnimationFrame(frame);
      resized.disconnect();
    };
  }, [levels, side, isLive]);
  return <canvas ref={canvas} className={mergeClasses(styles.waveform, styles[side])} role="img" aria-label={label} />;
}

function draw(canvas: HTMLCanvasElement, levels: Levels, side: Side): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext("2d");
  if (context === null || width === 0) return; // Another page is open.
  const scale = window.devicePixelRatio;
  if (canvas.width !== Math.round(width * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  context.fillStyle = getComputedStyle(canvas).color;
  levels.groups(side, Math.min(Math.floor(width / PITCH), 96), LEVELS_A_BAR).forEach((level, at, { length }) => {
    const loudness = Math.max(0, 1 - (20 * Math.log10(Math.max(level, 1e-6))) / FLOOR_DB);
    const bar = Math.max(3, loudness * height);
    context.globalAlpha = loudness > 0 ? 1 : 0.35;
    context.beginPath();
    context.roundRect(width - (length - at) * PITCH, (height - bar) / 2, BAR_WIDTH, bar, BAR_WIDTH / 2);
    context.fill();
  });
}
