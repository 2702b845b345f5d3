/** The head of an administration page, and the room around what is below it. */

import { makeStyles, Text, Title2, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  page: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXXL,
    boxSizing: "border-box",
    maxWidth: "1280px",
    margin: "0 auto",
    padding: `${tokens.spacingVerticalXXL} ${tokens.spacingHorizontalXXXL}`,
    "@media (max-width: 720px)": {
      gap: tokens.spacingVerticalXL,
      padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalL}`,
    },
  },
  header: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "flex-start",
    justifyContent: "space-between",
    gap: tokens.spacingHorizontalL,
  },
  words: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, minWidth: 0 },
  title: { margin: 0 },
  description: { color: tokens.colorNeutralForeground2, maxWidth: "72ch" },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

export interface PageHeaderProps {
  readonly title: string;
  /** One line. */
  readonly description: ReactNode;
  /** The page's buttons, the primary one first. */
  readonly actions?: ReactNode;
}

export function PageHeader({ title, description, actions }: PageHeaderProps): ReactNode {
  const styles = useStyles();
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        <Title2 as="h1" className={styles.title}>
          {title}
        </Title2>
        <Text className={styles.description}>{description}</Text>
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}

/** Everything of the page, its header first. */
export function PageContent({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={useStyles().page}>{children}</div>;
}
