/** Antiphon's sign. */

import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  logo: { width: "28px", height: "28px", flexShrink: 0 },
  ground: { fill: tokens.colorBrandBackground },
  bars: { stroke: tokens.colorNeutralForegroundOnBrand, strokeWidth: "2.6", strokeLinecap: "round" },
});

export function Logo(): ReactNode {
  const styles = useStyles();
  return (
    <svg viewBox="0 0 32 32" className={styles.logo} aria-hidden>
      <rect width="32" height="32" rx="7" className={styles.ground} />
      <path className={styles.bars} d="M7 14v4M11.5 10v12M16 6v20M20.5 11v10M25 14.5v3" />
    </svg>
  );
}
