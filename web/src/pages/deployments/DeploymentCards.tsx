/** The deployments, one a card, for screens that a table does not fit. */

import { Card, makeStyles, Subtitle2, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

import { useFormats } from "../../shell/formats";
import { useText } from "../../text/LanguageProvider";
import { allowance } from "./capacity";
import { DeploymentActions } from "./DeploymentActions";
import { createdSeconds, type DeploymentListProps } from "./listed";
import { Sparkline } from "./Sparkline";
import { text } from "./text";

const useStyles = makeStyles({
  cards: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 288px), 1fr))",
    gap: tokens.spacingHorizontalL,
    margin: 0,
    padding: 0,
    listStyleType: "none",
  },
  card: { height: "100%", boxSizing: "border-box", gap: tokens.spacingVerticalM },
  name: { margin: 0, overflowWrap: "anywhere" },
  facts: {
    display: "grid",
    gridTemplateColumns: "auto minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXS,
    alignItems: "center",
    margin: 0,
  },
  term: { color: tokens.colorNeutralForeground3 },
  fact: { margin: 0, minWidth: 0, overflowWrap: "anywhere" },
});

export function DeploymentCards({ label, deployments, trafficOf, onChange, onDelete }: DeploymentListProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { relative, short } = useFormats();
  return (
    <ul className={styles.cards} aria-label={label}>
      {deployments.map((deployment) => {
        const { model, profile } = deployment.properties;
        const createdAt = createdSeconds(deployment.systemData?.createdAt);
        const traffic = trafficOf(deployment.name);
        const facts: readonly (readonly [term: string, fact: ReactNode])[] = [
          [t("columnModel"), `${model.name} · ${model.version}`],
          [t("columnProfile"), profile],
          [
            t("columnCapacity"),
            `${t("tokensPerMinute", { n: short(allowance(deployment.sku.capacity).tokensPerMinute) })} · ${deployment.sku.name}`,
          ],
          [t("columnRequests"), <Sparkline key="requests" what="requests" values={traffic?.requests} />],
          [t("columnTokens"), <Sparkline key="tokens" what="tokens" values={traffic?.tokens} />],
        ];
        return (
          <li key={deployment.id}>
            <Card className={styles.card}>
              <div>
                <Subtitle2 as="h3" className={styles.name} block>
                  {deployment.name}
                </Subtitle2>
                {createdAt !== null && (
                  <Text size={200} className={styles.term}>
                    {t("created", { when: relative(createdAt) })}
                  </Text>
                )}
              </div>
              <dl className={styles.facts}>
                {facts.map(([term, fact]) => (
                  <Fact key={term} term={term}>
                    {fact}
                  </Fact>
                ))}
              </dl>
              <DeploymentActions
                isWide
                deployment={deployment}
                onChange={() => {
                  onChange(deployment);
                }}
                onDelete={() => {
                  onDelete(deployment);
                }}
              />
            </Card>
          </li>
        );
      })}
    </ul>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }): ReactNode {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.term}>
        <Text size={200}>{term}</Text>
      </dt>
      <dd className={styles.fact}>
        <Text size={200}>{children}</Text>
      </dd>
    </>
  );
}
