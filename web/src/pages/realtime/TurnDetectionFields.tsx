/** Who says when a turn is over, and by what. */

import { Field, makeStyles, Radio, RadioGroup, Select, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

import { useText } from "../../text/LanguageProvider";
import { Measure } from "./Measure";
import { TURN_MODES, type Settings, type TurnMode } from "./session/settings";
import { EAGERNESS, type Eagerness } from "./session/wire";
import { text } from "./text";

const useStyles = makeStyles({
  fields: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
});

export interface TurnDetectionFieldsProps {
  readonly settings: Settings;
  readonly change: (changed: Partial<Settings>) => void;
}

export function TurnDetectionFields({ settings, change }: TurnDetectionFieldsProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  return (
    <div className={styles.fields}>
      <Field label={t("turnDetection")} hint={t(`${settings.turnMode}Hint`)}>
        <RadioGroup
          value={settings.turnMode}
          onChange={(_event, { value }) => {
            change({ turnMode: value as TurnMode });
          }}
        >
          {TURN_MODES.map((mode) => (
            <Radio key={mode} value={mode} label={t(mode)} />
          ))}
        </RadioGroup>
      </Field>
      {settings.turnMode === "server_vad" && (
        <>
          <Measure
            label={t("threshold")}
            shown={settings.threshold.toFixed(2)}
            hint={t("thresholdHint")}
            max={1}
            step={0.05}
            value={settings.threshold}
            onChange={(threshold) => {
              change({ threshold });
            }}
          />
          <Measure
            label={t("prefixPadding")}
            shown={t("milliseconds", { n: settings.prefixPaddingMs })}
            hint={t("prefixPaddingHint")}
            max={1000}
            step={50}
            value={settings.prefixPaddingMs}
            onChange={(prefixPaddingMs) => {
              change({ prefixPaddingMs });
            }}
          />
          <Measure
            label={t("silenceDuration")}
            shown={t("milliseconds", { n: settings.silenceDurationMs })}
            hint={t("silenceDurationHint")}
            min={100}
            max={2000}
            step={50}
            value={settings.silenceDurationMs}
            onChange={(silenceDurationMs) => {
              change({ silenceDurationMs });
            }}
          />
        </>
      )}
      {settings.turnMode === "semantic_vad" && (
        <Field label={t("eagerness")}>
          <Select
            value={settings.eagerness}
            onChange={(_event, { value }) => {
              change({ eagerness: value as Eagerness });
            }}
          >
            {EAGERNESS.map((eagerness) => (
              <option key={eagerness} value={eagerness}>
                {t(eagerness)}
              </option>
            ))}
          </Select>
        </Field>
      )}
    </div>
  );
}
