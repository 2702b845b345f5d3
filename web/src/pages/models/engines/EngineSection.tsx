/** The engines of the server, and testing them. */

import { makeStyles, Subtitle1, Text, tokens, useAnnounce } from "@fluentui/react-components";
import { useState, type ReactNode } from "react";

import { listEngines, testEngine, type Engine } from "../../../api/engines";
import { ErrorBar } from "../../../shell/ErrorBar";
import { useFormats } from "../../../shell/formats";
import { useLoaded } from "../../../shell/useLoaded";
import { useText } from "../../../text/LanguageProvider";
import { EngineTable } from "./EngineTable";
import { text } from "./text";

const EVERY_MS = 5000;

const useStyles = makeStyles({
  section: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  title: { margin: 0 },
  about: { color: tokens.colorNeutralForeground2, maxWidth: "72ch" },
});

export function EngineSection(): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { number } = useFormats();
  const { announce } = useAnnounce();
  const { data, error, reload } = useLoaded(listEngines, EVERY_MS);
  const [testing, setTesting] = useState<ReadonlySet<string>>(new Set());
  const [testError, setTestError] = useState<unknown>(null);

  const test = async (engine: Engine): Promise<void> => {
    setTestError(null);
    setTesting((before) => new Set([...before, engine.id]));
    announce(t("testing", { engine: engine.name }));
    try {
      const { tested } = await testEngine(engine.id);
      announce(
        tested?.answers === true
          ? t("announceAnswers", { engine: engine.name, first: number(tested.first_ms ?? 0) })
          : t("announceFails", { engine: engine.name }),
      );
      reload();
    } catch (thrown) {
      setTestError(thrown);
    } finally {
      setTesting((before) => new Set([...before].filter((id) => id !== engine.id)));
    }
  };
  return (
    <section className={styles.section} aria-label={t("title")}>
      <Subtitle1 as="h2" className={styles.title}>
        {t("title")}
      </Subtitle1>
      <Text className={styles.about}>{t("about")}</Text>
      <ErrorBar error={error} onRetry={reload} />
      <ErrorBar error={testError} />
      {data !== undefined && <EngineTable engines={data} testing={testing} onTest={(engine) => void test(engine)} />}
    </section>
  );
}
