/** What a page shows where there is nothing to show: what would be here, and how it comes here. */

import { makeStyles, Subtitle1, Text, tokens } from "@fluentui/react-components";
import type { FluentIcon } from "@fluentui/react-icons";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  state: {
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    gap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalXXXL} ${tokens.spacingHorizontalL}`,
    textAlign: "center",
  },
  icon: { fontSize: "48px", color: tokens.colorBrandForeground1 },
  title: { margin: 0 },
  words: { color: tokens.colorNeutralForeground2, maxWidth: "56ch" },
});

export interface EmptyStateProps {
  readonly icon: FluentIcon;
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps): ReactNode {
  const styles = useStyles();
  return (
    <div className={styles.state}>
      <Icon className={styles.icon} aria-hidden />
      <Subtitle1 as="h2" className={styles.title}>
        {title}
      </Subtitle1>
      <Text align="center" className={styles.words}>{children}</Text>
      {action}
    </div>
  );
}
