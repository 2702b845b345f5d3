/** Where one speaks: who is at it, both voices, and everything to begin, mute, hold and type with. */

import { Button, Caption1, Input, makeStyles, mergeClasses, tokens, ToggleButton, Tooltip } from "@fluentui/react-components";
import {
  BotRegular,
  BrainCircuitRegular,
  MicOffRegular,
  MicRegular,
  PersonVoiceRegular,
  PlugConnectedRegular,
  PlugDisconnectedRegular,
  SendRegular,
  StopRegular,
  WrenchRegular,
  type FluentIcon,
} from "@fluentui/react-icons";
import { useState, type ReactNode } from "react";

import { useIsVisible } from "../../shell/pageOpen";
import { useText } from "../../text/LanguageProvider";
import { HoldToTalk } from "./HoldToTalk";
import { LiveWaveform } from "./LiveWaveform";
import { MicrophoneLevel } from "./MicrophoneLevel";
import { MicrophonePicker } from "./MicrophonePicker";
import { activityOf, type Activity } from "./session/activity";
import type { RealtimeClient } from "./session/RealtimeClient";
import type { State } from "./session/state";
import { text } from "./text";

const NARROW = "@media (max-width: 640px)";

const useStyles = makeStyles({
  dock: {
    flexShrink: 0,
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  voices: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) auto minmax(0, 1fr)",
    alignItems: "center",
    gap: tokens.spacingHorizontalL,
    [NARROW]: { gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)", gap: tokens.spacingHorizontalM },
  },
  voice: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS },
  name: { color: tokens.colorNeutralForeground3 },
  status: {
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    gap: tokens.spacingHorizontalS,
    minWidth: "196px",
    boxSizing: "border-box",
    padding: `${tokens.spacingVerticalSNudge} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralBackground3,
    fontWeight: tokens.fontWeightSemibold,
    [NARROW]: { gridColumn: "1 / -1", gridRow: 1 },
  },
  icon: { fontSize: "20px", flexShrink: 0 },
  user: { backgroundColor: tokens.colorPaletteTealBackground2, color: tokens.colorPaletteTealForeground2 },
  model: { backgroundColor: tokens.colorBrandBackground2, color: tokens.colorBrandForeground2 },
  lost: { backgroundColor: tokens.colorStatusDangerBackground1, color: tokens.colorStatusDangerForeground1 },
  controls: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
  main: { minWidth: "176px", [NARROW]: { flexGrow: 1 } },
  device: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXS,
    flex: "1 1 160px",
    minWidth: 0,
    maxWidth: "320px",
    [NARROW]: { maxWidth: "none" },
  },
  composer: { display: "flex", gap: tokens.spacingHorizontalS },
  input: { flexGrow: 1, minWidth: 0 },
});

const SHOWN = {
  off: ["off", PlugDisconnectedRegular],
  connecting: ["connecting", PlugConnectedRegular],
  lost: ["lost", PlugDisconnectedRegular],
  user: ["user", PersonVoiceRegular],
  model: ["modelSpeaks", BotRegular],
  thinking: ["thinking", BrainCircuitRegular],
  tool: ["tool", WrenchRegular],
  muted: ["muted", MicOffRegular],
  listening: ["listening", MicRegular],
  holdToTalk: ["holdToTalk", MicRegular],
  ready: ["ready", PlugConnectedRegular],
} as const satisfies Record<Activity, readonly [string, FluentIcon]>;

export interface DockProps {
  readonly client: RealtimeClient;
  readonly state: State;
}

export function Dock({ client, state }: DockProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const activity = activityOf(state);
  const [words, Icon] = SHOWN[activity];
  const accent = activity === "user" || activity === "model" || activity === "lost" ? styles[activity] : undefined;
  const isVisible = useIsVisible();
  const isModelLive = state.connection.phase === "open" || state.playing !== null;
  return (
    <div className={styles.dock}>
      <div className={styles.voices}>
        <div className={styles.voice}>
          <Caption1 className={styles.name}>{t("you")}</Caption1>
          <LiveWaveform levels={client.levels} side="user" isLive={isVisible && state.microphone === "on"} label={t("yourSound")} />
        </div>
        <div className={mergeClasses(styles.status, accent)} role="status">
          <Icon className={styles.icon} />
          {t(words)}
        </div>
        <div className={styles.voice}>
          <Caption1 className={styles.name}>{t("model")}</Caption1>
          <LiveWaveform levels={client.levels} side="model" isLive={isVisible && isModelLive} label={t("itsSound")} />
        </div>
      </div>
      <Controls client={client} state={state} />
      <Composer client={client} isDisabled={state.deployment === null} />
    </div>
  );
}

function Controls({ client, state }: DockProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const isOn = state.microphone !== "off";
  const [deviceId, setDeviceId] = useState<string>();
  return (
    <div className={styles.controls}>
      <Button
        size="large"
        appearance={isOn ? "secondary" : "primary"}
        className={styles.main}
        icon={isOn ? <StopRegular /> : <MicRegular />}
        disabled={state.deployment === null}
        onClick={() => {
          if (isOn) client.stopListening();
          else client.startListening(deviceId);
        }}
      >
        {t(isOn ? "stop" : "start")}
      </Button>
      {!isOn && state.connection.phase !== "off" && (
        <Button
          size="large"
          icon={<PlugDisconnectedRegular />}
          onClick={() => {
            client.stopListening();
          }}
        >
          {t("disconnect")}
        </Button>
      )}
      {state.settings.turnMode === "push_to_talk" && isOn && <HoldToTalk client={client} state={state} />}
      <Tooltip content={t(state.isMuted ? "unmute" : "mute")} relationship="label">
        <ToggleButton
          size="large"
          appearance="subtle"
          icon={state.isMuted ? <MicOffRegular /> : <MicRegular />}
          checked={state.isMuted}
          disabled={!isOn}
          onClick={() => {
            client.setMuted(!state.isMuted);
          }}
        />
      </Tooltip>
      <div className={styles.device}>
        <MicrophonePicker
          isOpen={state.microphone === "on"}
          onChoose={(chosen) => {
            setDeviceId(chosen);
            if (isOn || state.microphoneFault === "unplugged") void client.openMicrophone(chosen);
          }}
        />
        <MicrophoneLevel levels={client.levels} isLive={state.microphone === "on"} />
      </div>
    </div>
  );
}

function Composer({ client, isDisabled }: { readonly client: RealtimeClient; readonly isDisabled: boolean }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const [draft, setDraft] = useState("");
  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.trim() === "" || isDisabled) return;
        client.type(draft.trim());
        setDraft("");
      }}
    >
      <Input
        className={styles.input}
        value={draft}
        aria-label={t("message")}
        placeholder={t("messageHint")}
        onChange={(_event, { value }) => {
          setDraft(value);
        }}
      />
      <Tooltip content={t("send")} relationship="label">
        <Button type="submit" icon={<SendRegular />} disabled={isDisabled || draft.trim() === ""} />
      </Tooltip>
    </form>
  );
}
