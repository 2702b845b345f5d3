/** With what and how the next reply is made. */

import {
  Field,
  Link,
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Radio,
  RadioGroup,
  Select,
  Slider,
  SpinButton,
  Spinner,
  Text,
  Textarea,
  tokens,
} from "@fluentui/react-components";
import type { ReactNode, RefCallback } from "react";

import type { Deployment } from "../../api/resources";
import { ErrorBar } from "../../shell/ErrorBar";
import { useText } from "../../text/LanguageProvider";
import { AUDIO_FORMATS, MAX_MAX_TOKENS, MAX_TEMPERATURE, type AudioFormat, type Settings } from "./settings";
import { text } from "./text";

const useStyles = makeStyles({
  panel: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  temperature: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  slider: { flexGrow: 1 },
  figure: { fontVariantNumeric: "tabular-nums", minWidth: "24px", textAlign: "right" },
});

export interface SettingsPanelProps {
  readonly settings: Settings;
  readonly onChange: (change: Partial<Settings>) => void;
  /** Null until they are known. */
  readonly deployments: readonly Deployment[] | null;
  /** Why they are not known; null where they are. */
  readonly deploymentsError: unknown;
  readonly onReloadDeployments: () => void;
  readonly voices: readonly string[];
  readonly deploymentRef: RefCallback<HTMLSelectElement>;
}

export function SettingsPanel(props: SettingsPanelProps): ReactNode {
  const { settings, onChange, voices } = props;
  const styles = useStyles();
  const t = useText(text);
  return (
    <div className={styles.panel}>
      <DeploymentField {...props} />
      <Field label={t("systemMessage")} hint={t("systemMessageHint")}>
        <Textarea
          value={settings.systemMessage}
          resize="vertical"
          rows={4}
          onChange={(_event, { value }) => {
            onChange({ systemMessage: value });
          }}
        />
      </Field>
      <Field label={t("replies")}>
        <RadioGroup
          layout="horizontal"
          value={settings.speaks ? "audio" : "text"}
          onChange={(_event, { value }) => {
            onChange({ speaks: value === "audio" });
          }}
        >
          <Radio value="audio" label={t("textAndAudio")} />
          <Radio value="text" label={t("textOnly")} />
        </RadioGroup>
      </Field>
      {settings.speaks && <SpeechFields settings={settings} onChange={onChange} voices={voices} />}
      <Field label={t("temperature")} hint={t("temperatureHint")}>
        <div className={styles.temperature}>
          <Slider
            className={styles.slider}
            min={0}
            max={MAX_TEMPERATURE * 10}
            value={Math.round(settings.temperature * 10)}
            aria-label={t("temperature")}
            aria-valuetext={settings.temperature.toFixed(1)}
            onChange={(_event, { value }) => {
              onChange({ temperature: value / 10 });
            }}
          />
          <Text className={styles.figure}>{settings.temperature.toFixed(1)}</Text>
        </div>
      </Field>
      <Field label={t("maxTokens")} hint={t("maxTokensHint")}>
        <SpinButton
          min={1}
          max={MAX_MAX_TOKENS}
          step={50}
          value={settings.maxTokens}
          onChange={(_event, { value, displayValue }) => {
            const tokensWanted = value ?? Number.parseInt(displayValue ?? "", 10);
            if (tokensWanted >= 1) onChange({ maxTokens: Math.min(MAX_MAX_TOKENS, Math.round(tokensWanted)) });
          }}
        />
      </Field>
    </div>
  );
}

type DeploymentFieldProps = Omit<SettingsPanelProps, "voices">;

function DeploymentField({
  settings,
  onChange,
  deployments,
  deploymentsError,
  onReloadDeployments,
  deploymentRef,
}: DeploymentFieldProps): ReactNode {
  const t = useText(text);
  if (deployments === null && deploymentsError !== null) {
    return <ErrorBar error={deploymentsError} onRetry={onReloadDeployments} />;
  }
  if (deployments === null) return <Spinner size="tiny" label={t("loading")} labelPosition="after" />;
  if (deployments.length === 0) {
    return (
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t("noDeployment")}</MessageBarTitle> {t("noDeploymentAdvice")}{" "}
          <Link href="#/deployments" inline>
            {t("goToDeployments")}
          </Link>
        </MessageBarBody>
      </MessageBar>
    );
  }
  return (
    <Field label={t("deployment")}>
      <Select
        ref={deploymentRef}
        value={settings.deployment}
        onChange={(_event, { value }) => {
          onChange({ deployment: value });
        }}
      >
        {deployments.map(({ name, properties: { model } }) => (
          <option key={name} value={name}>
            {name === model.name ? name : `${name} (${model.name})`}
          </option>
        ))}
      </Select>
    </Field>
  );
}

type SpeechFieldsProps = Pick<SettingsPanelProps, "settings" | "onChange" | "voices">;

function SpeechFields({ settings, onChange, voices }: SpeechFieldsProps): ReactNode {
  const t = useText(text);
  const formatName = (format: AudioFormat): string =>
    format === "pcm16" ? t("formatStreamed") : t("formatWhole", { format: format.toUpperCase() });
  return (
    <>
      <Field label={t("voice")}>
        <Select
          value={settings.voice}
          onChange={(_event, { value }) => {
            onChange({ voice: value });
          }}
        >
          {voices.map((voice) => (
            <option key={voice}>{voice}</option>
          ))}
        </Select>
      </Field>
      <Field label={t("format")} hint={t(settings.format === "pcm16" ? "formatHintStreamed" : "formatHintWhole")}>
        <Select
          value={settings.format}
          onChange={(_event, { value }) => {
            onChange({ format: value as AudioFormat });
          }}
        >
          {AUDIO_FORMATS.map((format) => (
            <option key={format} value={format}>
              {formatName(format)}
            </option>
          ))}
        </Select>
      </Field>
    </>
  );
}
