/** The call of a function: its arguments as they are written, and where to answer it. */

import { Badge, Body1Strong, Button, Caption1, Field, makeStyles, Textarea, tokens } from "@fluentui/react-components";
import { SendRegular, WrenchRegular } from "@fluentui/react-icons";
import { useState, type ReactNode } from "react";

import { useText } from "../../text/LanguageProvider";
import type { RealtimeClient } from "./session/RealtimeClient";
import type { CallEntry } from "./session/state";
import { EXAMPLE, EXAMPLE_ANSWER, indented } from "./session/tools";
import { text } from "./text";

const useStyles = makeStyles({
  card: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalS,
    width: "min(480px, 100%)",
    minWidth: "min(280px, 100%)",
    boxSizing: "border-box",
    padding: tokens.spacingHorizontalM,
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
  },
  head: { display: "flex", alignItems: "center", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  name: { fontFamily: tokens.fontFamilyMonospace, flexGrow: 1, overflowWrap: "anywhere" },
  label: { color: tokens.colorNeutralForeground3 },
  code: {
    margin: 0,
    padding: tokens.spacingHorizontalS,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  },
  send: { alignSelf: "flex-end" },
});

const STATES = { streaming: "callStreaming", waiting: "callWaiting", answered: "callAnswered", abandoned: "callAbandoned" } as const;
const COLORS = { streaming: "informative", waiting: "warning", answered: "success", abandoned: "subtle" } as const;

export interface CallCardProps {
  readonly client: RealtimeClient;
  readonly entry: CallEntry;
}

export function CallCard({ client, entry }: CallCardProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const [output, setOutput] = useState(entry.name === EXAMPLE.name ? EXAMPLE_ANSWER : "");
  return (
    <section className={styles.card} aria-label={t("callOf", { name: entry.name })}>
      <div className={styles.head}>
        <WrenchRegular />
        <Body1Strong className={styles.name}>{entry.name}</Body1Strong>
        <Badge appearance="tint" color={COLORS[entry.state]}>
          {t(STATES[entry.state])}
        </Badge>
      </div>
      <Caption1 className={styles.label}>{t("callArguments")}</Caption1>
      <pre className={styles.code}>{indented(entry.arguments)}</pre>
      {entry.output !== null && (
        <>
          <Caption1 className={styles.label}>{t("answer")}</Caption1>
          <pre className={styles.code}>{indented(entry.output)}</pre>
        </>
      )}
      {entry.state === "waiting" && (
        <>
          <Field label={t("answer")}>
            <Textarea
              value={output}
              spellCheck={false}
              resize="vertical"
              onChange={(_event, { value }) => {
                setOutput(value);
              }}
            />
          </Field>
          <Button
            className={styles.send}
            appearance="primary"
            icon={<SendRegular />}
            disabled={output.trim() === ""}
            onClick={() => {
              client.answer(entry.id, output);
            }}
          >
            {t("sendAnswer")}
          </Button>
        </>
      )}
    </section>
  );
}
