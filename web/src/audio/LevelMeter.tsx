/** How loud it is just now. */

import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  track: {
    height: "6px",
    minWidth: "48px",
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralBackground5,
    overflow: "hidden",
  },
  level: {
    height: "100%",
    transformOrigin: "left",
    backgroundColor: tokens.colorPaletteGreenForeground3,
    transitionProperty: "transform",
    transitionDuration: "60ms",
  },
});

/** The quietest level that shows, in decibels of full scale. */
const FLOOR_DB = -50;

/** `level` is a root mean square, 0 to 1; it is shown in decibels, as ears hear. */
export function LevelMeter({ level, label }: { readonly level: number; readonly label: string }): ReactNode {
  const styles = useStyles();
  const share = Math.max(0, Math.min(1, 1 - (20 * Math.log10(Math.max(level, 1e-6))) / FLOOR_DB));
  return (
    <div
      className={styles.track}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <div className={styles.level} style={{ transform: `scaleX(${String(share)})` }} />
    </div>
  );
}
