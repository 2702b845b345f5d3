/** The pools of capacity from which something is taken. */

import { makeStyles, Subtitle1, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

import { useText } from "../../text/LanguageProvider";
import type { Pool } from "./capacity";
import { QuotaBar } from "./QuotaBar";
import { text } from "./text";

const useStyles = makeStyles({
  section: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  title: { margin: 0 },
  description: { color: tokens.colorNeutralForeground2, maxWidth: "72ch" },
  bars: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 360px), 1fr))",
    columnGap: tokens.spacingHorizontalXXXL,
    rowGap: tokens.spacingVerticalXL,
  },
});

export function QuotaSection({ pools }: { readonly pools: readonly Pool[] }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const used = pools.filter((pool) => pool.own + pool.others > 0);
  return (
    <section className={styles.section} aria-label={t("quota")}>
      <Subtitle1 as="h2" className={styles.title}>
        {t("quota")}
      </Subtitle1>
      <Text className={styles.description}>{used.length === 0 ? t("quotaNone") : t("quotaDescription")}</Text>
      <div className={styles.bars}>
        {used.map((pool) => (
          <QuotaBar key={`${pool.model} ${pool.sku}`} pool={pool} />
        ))}
      </div>
    </section>
  );
}
