/** The profiles that use something. */

import { Badge, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  profiles: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalXS },
});

export function ProfileBadges({ profiles }: { readonly profiles: readonly string[] }): ReactNode {
  const styles = useStyles();
  return (
    <span className={styles.profiles}>
      {profiles.map((profile) => (
        <Badge key={profile} appearance="tint" color="informative">
          {profile}
        </Badge>
      ))}
    </span>
  );
}
