/** Whether an engine answers, how soon, and a button to try. */

import { Button, Caption1, makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import {
  CheckmarkCircleFilled,
  CircleRegular,
  ErrorCircleFilled,
  PlayRegular,
  WarningFilled,
  type FluentIcon,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";

import type { Engine, Replica, Tested } from "../../../api/engines";
import { useFormats } from "../../../shell/formats";
import { useText } from "../../../text/LanguageProvider";
import { healthOf, type Health } from "./health";
import { text } from "./text";

const useStyles = makeStyles({
  health: { display: "flex", flexDirection: "column", alignItems: "flex-start", gap: tokens.spacingVerticalXS },
  line: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  icon: { fontSize: "20px", flexShrink: 0 },
  well: { color: tokens.colorStatusSuccessForeground1 },
  partly: { color: tokens.colorStatusWarningForeground1 },
  down: { color: tokens.colorStatusDangerForeground1 },
  unknown: { color: tokens.colorNeutralForeground2 },
  words: { overflowWrap: "anywhere" },
  button: { marginTop: tokens.spacingVerticalXS },
});

const ICONS: Readonly<Record<Health, FluentIcon>> = {
  well: CheckmarkCircleFilled,
  partly: WarningFilled,
  down: ErrorCircleFilled,
  unknown: CircleRegular,
};

export interface EngineHealthProps {
  readonly engine: Engine;
  readonly isTesting: boolean;
  readonly onTest: () => void;
}

export function EngineHealth({ engine, isTesting, onTest }: EngineHealthProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const health = healthOf(engine);
  const Icon = ICONS[health];
  return (
    <div className={styles.health}>
      <span className={styles.line}>
        <Icon className={mergeClasses(styles.icon, styles[health])} />
        <Text>{t(health)}</Text>
      </span>
      {engine.replicas.map((replica) => (
        <ReplicaLine key={replica.url} replica={replica} />
      ))}
      {engine.tested !== null && <TestedLines tested={engine.tested} />}
      <Button
        className={styles.button}
        size="small"
        icon={<PlayRegular />}
        aria-label={t("testEngine", { engine: engine.name })}
        disabledFocusable={isTesting}
        onClick={onTest}
      >
        {t("test")}
      </Button>
    </div>
  );
}

function ReplicaLine({ replica: { url, is_well, latency_ms } }: { readonly replica: Replica }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { number } = useFormats();
  if (!is_well) return <Caption1 className={mergeClasses(styles.words, styles.down)}>{t("addressDown", { url })}</Caption1>;
  if (latency_ms === null) return null;
  return <Caption1 className={styles.words}>{t("addressLatency", { url, ms: number(latency_ms) })}</Caption1>;
}

function TestedLines({ tested }: { readonly tested: Tested }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { number } = useFormats();
  if (!tested.answers) return <Caption1 className={mergeClasses(styles.words, styles.down)}>{tested.error}</Caption1>;
  const first = number(tested.first_ms ?? 0);
  const whole = number(tested.whole_ms ?? 0);
  return (
    <>
      <Caption1>{first === whole ? t("speedWhole", { whole }) : t("speed", { first, whole })}</Caption1>
      {tested.text !== null && <Caption1 className={styles.words}>{t("said", { words: tested.text })}</Caption1>}
    </>
  );
}
