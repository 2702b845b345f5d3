/** The deployments, one a row. */

import {
  Caption1,
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from "@fluentui/react-components";
import type { ReactNode } from "react";

import { useFormats } from "../../shell/formats";
import { useText } from "../../text/LanguageProvider";
import { allowance } from "./capacity";
import { DeploymentActions } from "./DeploymentActions";
import { createdSeconds, type DeploymentListProps } from "./listed";
import { Sparkline } from "./Sparkline";
import { text } from "./text";

const useStyles = makeStyles({
  cell: { paddingTop: tokens.spacingVerticalM, paddingBottom: tokens.spacingVerticalM, verticalAlign: "middle" },
  two: { display: "flex", flexDirection: "column", minWidth: 0, overflowWrap: "anywhere" },
  second: { color: tokens.colorNeutralForeground3 },
  profile: { width: "72px" },
  capacity: { width: "120px" },
  chart: { width: "140px" },
  actions: { width: "72px" },
  hidden: { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" },
});

export function DeploymentTable({ label, deployments, trafficOf, onChange, onDelete }: DeploymentListProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { relative, dateTime, short } = useFormats();
  return (
    <Table aria-label={label}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell>{t("columnName")}</TableHeaderCell>
          <TableHeaderCell>{t("columnModel")}</TableHeaderCell>
          <TableHeaderCell className={styles.profile}>{t("columnProfile")}</TableHeaderCell>
          <TableHeaderCell className={styles.capacity}>{t("columnCapacity")}</TableHeaderCell>
          <TableHeaderCell className={styles.chart}>{t("columnRequests")}</TableHeaderCell>
          <TableHeaderCell className={styles.chart}>{t("columnTokens")}</TableHeaderCell>
          <TableHeaderCell className={styles.actions}>
            <span className={styles.hidden}>{t("columnActions")}</span>
          </TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {deployments.map((deployment) => {
          const { model, profile } = deployment.properties;
          const createdAt = createdSeconds(deployment.systemData?.createdAt);
          const traffic = trafficOf(deployment.name);
          return (
            <TableRow key={deployment.id}>
              <TableCell role="rowheader" className={styles.cell}>
                <span className={styles.two}>
                  <Text weight="semibold">{deployment.name}</Text>
                  {createdAt !== null && (
                    <Caption1 className={styles.second} title={dateTime(createdAt)}>
                      {t("created", { when: relative(createdAt) })}
                    </Caption1>
                  )}
                </span>
              </TableCell>
              <TableCell className={styles.cell}>
                <span className={styles.two}>
                  <Text>{model.name}</Text>
                  <Caption1 className={styles.second}>{model.version}</Caption1>
                </span>
              </TableCell>
              <TableCell className={styles.cell}>
                <span className={styles.two}>{profile}</span>
              </TableCell>
              <TableCell className={styles.cell}>
                <span className={styles.two}>
                  <Text>{t("tokensPerMinute", { n: short(allowance(deployment.sku.capacity).tokensPerMinute) })}</Text>
                  <Caption1 className={styles.second}>{deployment.sku.name}</Caption1>
                </span>
              </TableCell>
              <TableCell className={styles.cell}>
                <Sparkline what="requests" values={traffic?.requests} />
              </TableCell>
              <TableCell className={styles.cell}>
                <Sparkline what="tokens" values={traffic?.tokens} />
              </TableCell>
              <TableCell className={styles.cell}>
                <DeploymentActions
                  deployment={deployment}
                  onChange={() => {
                    onChange(deployment);
                  }}
                  onDelete={() => {
                    onDelete(deployment);
                  }}
                />
              </TableCell>
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}
