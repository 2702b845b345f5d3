/** What the session goes by. Everything but the voice may be changed while it runs. */

import {
  Button,
  Dropdown,
  Field,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  Option,
  Radio,
  RadioGroup,
  Subtitle2,
  Textarea,
  tokens,
} from "@fluentui/react-components";
import type { ReactNode } from "react";

import { useText } from "../../text/LanguageProvider";
import { Measure } from "./Measure";
import type { RealtimeClient } from "./session/RealtimeClient";
import { TRANSPORTS, type Settings, type Transport } from "./session/settings";
import type { State } from "./session/state";
import { text } from "./text";
import { Tools } from "./Tools";
import { TurnDetectionFields } from "./TurnDetectionFields";
import type { Deployments } from "./useDeployments";

const useStyles = makeStyles({
  panel: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  title: { margin: 0 },
  field: { minWidth: 0 },
  dropdown: { minWidth: 0 },
});

export interface SetupPanelProps {
  readonly client: RealtimeClient;
  readonly state: State;
  readonly change: (changed: Partial<Settings>) => void;
  readonly deployments: Deployments;
}

export function SetupPanel({ client, state, change, deployments }: SetupPanelProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { settings } = state;
  return (
    <div className={styles.panel}>
      <Subtitle2 as="h2" className={styles.title}>
        {t("setup")}
      </Subtitle2>
      <DeploymentField client={client} state={state} deployments={deployments} />
      <TransportField client={client} state={state} change={change} />
      <Field label={t("instructions")} hint={t("instructionsHint")}>
        <Textarea
          value={settings.instructions}
          rows={4}
          resize="vertical"
          onChange={(_event, { value }) => {
            change({ instructions: value });
          }}
        />
      </Field>
      <VoiceField client={client} state={state} change={change} voices={deployments.voices} />
      <Measure
        label={t("temperature")}
        shown={settings.temperature.toFixed(2)}
        hint={t("temperatureHint")}
        min={0.6}
        max={1.2}
        step={0.05}
        value={settings.temperature}
        onChange={(temperature) => {
          change({ temperature });
        }}
      />
      <TurnDetectionFields settings={settings} change={change} />
      <Tools
        tools={settings.tools}
        onChange={(tools) => {
          change({ tools });
        }}
      />
    </div>
  );
}

function DeploymentField({ client, state, deployments }: Omit<SetupPanelProps, "change">): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { realtime, reload } = deployments;
  const isMissing = realtime?.length === 0;
  return (
    <>
      <Field
        label={t("deployment")}
        className={styles.field}
        {...(isMissing ? { validationState: "warning" as const, validationMessage: t("noDeployments") } : {})}
      >
        <Dropdown
          className={styles.dropdown}
          value={state.deployment ?? ""}
          selectedOptions={state.deployment === null ? [] : [state.deployment]}
          onOpenChange={(_event, { open }) => {
            if (open) reload();
          }}
          onOptionSelect={(_event, { optionValue }) => {
            if (optionValue === undefined || optionValue === state.deployment) return;
            client.dispatch({ type: "deployment", name: optionValue });
            if (client.snapshot().connection.phase === "open") client.reconnect();
          }}
        >
          {(realtime ?? []).map(({ name, properties }) => (
            <Option key={name} value={name} text={name}>
              {name === properties.model.name ? name : `${name} (${properties.model.name})`}
            </Option>
          ))}
        </Dropdown>
      </Field>
    </>
  );
}

const NAMES = { websocket: "WebSocket", webrtc: "WebRTC" } as const;

function TransportField({ client, state, change }: Omit<SetupPanelProps, "deployments">): ReactNode {
  const t = useText(text);
  const { transport } = state.settings;
  return (
    <Field label={t("transport")} hint={t(`${transport}Hint`)}>
      <RadioGroup
        layout="horizontal"
        value={transport}
        onChange={(_event, { value }) => {
          change({ transport: value as Transport });
          if (client.snapshot().connection.phase === "open") client.reconnect();
        }}
      >
        {TRANSPORTS.map((each) => (
          <Radio key={each} value={each} label={NAMES[each]} />
        ))}
      </RadioGroup>
    </Field>
  );
}

interface VoiceFieldProps extends Omit<SetupPanelProps, "deployments"> {
  readonly voices: readonly string[];
}

function VoiceField({ client, state, change, voices }: VoiceFieldProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { voice } = state.settings;
  const isSettled = state.connection.phase === "open" && state.isVoiceLocked && state.applied?.voice !== voice;
  return (
    <>
      <Field label={t("voice")} className={styles.field}>
        <Dropdown
          className={styles.dropdown}
          value={voice ?? ""}
          selectedOptions={voice === null ? [] : [voice]}
          onOptionSelect={(_event, { optionValue }) => {
            if (optionValue !== undefined) change({ voice: optionValue });
          }}
        >
          {voices.map((name) => (
            <Option key={name} value={name}>
              {name}
            </Option>
          ))}
        </Dropdown>
      </Field>
      {isSettled && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>{t("voiceLocked", { voice: voice ?? "" })}</MessageBarBody>
          <MessageBarActions>
            <Button
              onClick={() => {
                client.reconnect();
              }}
            >
              {t("reconnect")}
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
    </>
  );
}
