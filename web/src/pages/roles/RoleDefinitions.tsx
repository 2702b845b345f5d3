/** What each role allows. */

import {
  makeStyles,
  Subtitle2,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useId, type ReactNode } from "react";

import type { Role } from "../../api/principals";
import { useText } from "../../text/LanguageProvider";
import { useRoleWords } from "./roleWords";
import { text } from "./text";

const NARROW = "@media (max-width: 720px)";

const useStyles = makeStyles({
  section: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  heading: { margin: 0 },
  name: { width: "34%", [NARROW]: { width: "40%" } },
  cell: {
    height: "auto",
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalS}`,
    verticalAlign: "top",
    overflowWrap: "break-word",
    hyphens: "auto",
  },
});

export function RoleDefinitions({ roles }: { readonly roles: readonly Role[] }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const wordsOf = useRoleWords();
  const headingId = useId();
  return (
    <section className={styles.section}>
      <Subtitle2 as="h2" id={headingId} className={styles.heading}>
        {t("whatRolesAllow")}
      </Subtitle2>
      <Table aria-labelledby={headingId}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.name}>{t("firstRole")}</TableHeaderCell>
            <TableHeaderCell>{t("allows")}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {roles.map((role) => (
            <TableRow key={role.name}>
              <TableCell className={styles.cell}>
                <Text weight="semibold">{role.name}</Text>
              </TableCell>
              <TableCell className={styles.cell}>{wordsOf(role)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </section>
  );
}
