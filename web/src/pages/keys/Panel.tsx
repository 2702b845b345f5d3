/** A part of the page, with its own title; and the rows in it: a name, a value, what can be done with it. */

import { Caption1, Card, makeStyles, Subtitle1, Text, tokens } from "@fluentui/react-components";
import { useId, type ReactNode } from "react";

const useStyles = makeStyles({
  panel: { gap: tokens.spacingVerticalL, padding: tokens.spacingHorizontalXL },
  head: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
  title: { margin: 0 },
  description: { color: tokens.colorNeutralForeground2, maxWidth: "80ch" },
  row: {
    display: "grid",
    gridTemplateColumns: "200px minmax(0, 1fr) auto",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXXS,
    "@media (max-width: 720px)": { gridTemplateColumns: "minmax(0, 1fr) auto" },
  },
  name: { display: "flex", flexDirection: "column", "@media (max-width: 720px)": { gridColumn: "1 / -1" } },
  hint: { color: tokens.colorNeutralForeground3 },
  value: {
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase300,
    overflowWrap: "anywhere",
  },
  actions: {
    display: "flex",
    flexWrap: "wrap",
    justifyContent: "flex-end",
    gap: tokens.spacingHorizontalXS,
  },
});

export interface PanelProps {
  readonly title: string;
  readonly description: ReactNode;
  readonly children: ReactNode;
}

export function Panel({ title, description, children }: PanelProps): ReactNode {
  const styles = useStyles();
  const id = useId();
  return (
    <Card role="region" className={styles.panel} aria-labelledby={id}>
      <div className={styles.head}>
        <Subtitle1 as="h2" id={id} className={styles.title}>
          {title}
        </Subtitle1>
        <Text className={styles.description}>{description}</Text>
      </div>
      {children}
    </Card>
  );
}

export interface RowProps {
  readonly name: string;
  readonly hint?: string;
  readonly value: ReactNode;
  readonly actions: ReactNode;
}

export function Row({ name, hint, value, actions }: RowProps): ReactNode {
  const styles = useStyles();
  return (
    <div className={styles.row} role="group" aria-label={name}>
      <span className={styles.name}>
        <Text weight="semibold">{name}</Text>
        {hint !== undefined && <Caption1 className={styles.hint}>{hint}</Caption1>}
      </span>
      <code className={styles.value}>{value}</code>
      <span className={styles.actions}>{actions}</span>
    </div>
  );
}
