/** What a record is found by: when, which, who, how much. */

import { makeStyles, tokens } from "@fluentui/react-components";
import { useId, type ReactNode } from "react";

import type { RecordSummary } from "../../api/records";
import { CopyButton } from "../../shell/CopyButton";
import { useFormats } from "../../shell/formats";
import { useText } from "../../text/LanguageProvider";
import { KINDS } from "./kinds";
import { usePrincipalWords } from "./principalWords";
import { text } from "./text";

const useStyles = makeStyles({
  facts: {
    display: "grid",
    gridTemplateColumns: "minmax(88px, auto) minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXS,
    alignItems: "baseline",
    margin: 0,
    fontSize: tokens.fontSizeBase300,
  },
  name: { color: tokens.colorNeutralForeground2, overflowWrap: "anywhere" },
  value: { margin: 0, overflowWrap: "anywhere" },
  id: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
  heading: { margin: `${tokens.spacingVerticalM} 0 ${tokens.spacingVerticalXS}`, fontSize: tokens.fontSizeBase300 },
});

export function RecordFacts({ record }: { readonly record: RecordSummary }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { dateTime, number, relative } = useFormats();
  const principalWords = usePrincipalWords();
  const labelsId = useId();
  const labels = Object.entries(record.labels);
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t("created"), dateTime(record.created_at)],
    [t("expires"), relative(record.expires_at)],
    [t("kind"), t(KINDS[record.operation])],
    [t("deployment"), record.deployment],
    [t("model"), record.model],
    [t("principal"), principalWords(record.principal)],
    [t("tokens"), t("tokensOf", { prompt: number(record.prompt_tokens), completion: number(record.completion_tokens) })],
    [
      t("id"),
      <>
        <span className={styles.id}>{record.id}</span>
        <CopyButton size="small" label={t("copyId")} content={record.id} />
      </>,
    ],
  ];
  return (
    <>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
      {labels.length > 0 && (
        <>
          <h3 id={labelsId} className={styles.heading}>
            {t("labels")}
          </h3>
          <dl className={styles.facts} aria-labelledby={labelsId}>
            {labels.map(([name, value]) => (
              <Fact key={name} name={name} value={value} />
            ))}
          </dl>
        </>
      )}
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: ReactNode }): ReactNode {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.value}>{value}</dd>
    </>
  );
}
