/** The chat playground: write, record or attach a question, and hear the answer. */

import {
  Button,
  makeStyles,
  OverlayDrawer,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  Subtitle2,
  tokens,
} from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from "react";

import { SpeechPlayer } from "../../audio/speechPlayer";
import { ConfirmDialog } from "../../shell/ConfirmDialog";
import { ErrorBar } from "../../shell/ErrorBar";
import { useKept } from "../../shell/kept";
import { useOngoing } from "../../shell/ongoing";
import { useRoute, useRouteParameter } from "../../shell/route";
import { useMediaQuery } from "../../shell/useMediaQuery";
import { useText } from "../../text/LanguageProvider";
import { useDeploymentsFor } from "../useDeploymentsFor";
import { Chat } from "./chat";
import { ChatToolbar, type Opened } from "./ChatToolbar";
import { clipOfFile } from "./clips";
import { completion } from "./completion";
import { Composer } from "./Composer";
import { before, isEmpty, upToLastQuestion, type Message, type Question } from "./conversation";
import { DropTarget } from "./DropTarget";
import { FaultBar } from "./FaultBar";
import { faultOf, type Fault } from "./faults";
import { DEFAULTS, rememberedSettings, type Settings } from "./settings";
import { SettingsPanel } from "./SettingsPanel";
import { text } from "./text";
import { Transcript } from "./Transcript";
import { useDraft } from "./useDraft";
import { useFileDrop } from "./useFileDrop";
import { useRecording } from "./useRecording";
import { ViewCode } from "./ViewCode";
import { Welcome } from "./Welcome";

const NARROW = "(max-width: 960px)";

const useStyles = makeStyles({
  page: { position: "relative", display: "flex", height: "100%", overflow: "hidden" },
  settings: {
    boxSizing: "border-box",
    width: "312px",
    flexShrink: 0,
    overflowY: "auto",
    padding: tokens.spacingHorizontalL,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  settingsTitle: { display: "block", marginTop: 0, marginBottom: tokens.spacingVerticalL },
  chat: { display: "flex", flexDirection: "column", flexGrow: 1, minWidth: 0 },
  foot: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalS,
    boxSizing: "border-box",
    width: "100%",
    maxWidth: "792px",
    margin: "0 auto",
    padding: `0 ${tokens.spacingHorizontalL} ${tokens.spacingVerticalL}`,
  },
});

export default function ChatPage(): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const route = useRoute();
  const isOpen = route === "chat" || route === "";
  const player = useKept("chat.player", () => new SpeechPlayer());
  const chat = useKept("chat.conversation", () => new Chat(player, completion));
  const conversation = useSyncExternalStore(chat.subscribe, chat.current);
  const draft = useDraft();
  const { deployments: chatting, voicesOf, error: deploymentsError, reload } = useDeploymentsFor("chatCompletion");
  const [chosen, setChosen] = useState<Settings>(() => rememberedSettings.get() ?? DEFAULTS);
  const asked = useRouteParameter("chat", "deployment");
  const [followed, setFollowed] = useState<string | null>(null);
  if (asked !== followed) {
    setFollowed(asked);
    if (asked !== null) setChosen({ ...chosen, deployment: asked });
  }
  const [draftFault, setDraftFault] = useState<Fault | null>(null);
  const [opened, setOpened] = useState<Opened | null>(null);
  const isNarrow = useMediaQuery(NARROW);
  const messageBox = useRef<HTMLTextAreaElement>(null);
  const deploymentBox = useRef<HTMLSelectElement | null>(null);
  const setDeploymentBox = useCallback((box: HTMLSelectElement | null) => {
    deploymentBox.current = box;
  }, []);

  const deployment = chatting?.find(({ name }) => name === chosen.deployment) ?? chatting?.[0];
  const known = voicesOf(deployment?.name);
  const voices = known.length > 0 ? known : [chosen.voice];
  const settings: Settings = {
    ...chosen,
    deployment: deployment?.name ?? "",
    voice: voices.includes(chosen.voice) ? chosen.voice : (voices[0] ?? DEFAULTS.voice),
  };
  const change = (changed: Partial<Settings>): void => {
    const next = { ...chosen, ...changed };
    setChosen(next);
    rememberedSettings.set(next);
  };

  const { add } = draft;
  const attach = useCallback(
    (files: readonly File[]) => {
      setDraftFault(null);
      for (const file of files) {
        clipOfFile(file).then(add, (error: unknown) => {
          setDraftFault(faultOf(error));
        });
      }
    },
    [add],
  );
  const recording = useRecording(add, setDraftFault);
  useOngoing(recording.recorded !== null, { route: "chat", microphone: "on", stop: recording.stop });
  const isDropping = useFileDrop(isOpen, attach);

  const last = conversation.messages.at(-1);
  const isAnswering = last?.role === "assistant" && last.state === "arriving";
  const ask = (question: Question, replacing: string | null = null): void => {
    setDraftFault(null);
    chat.ask(question, settings, replacing);
    messageBox.current?.focus();
  };
  const send = (): void => {
    player.stop();
    ask(draft.question, draft.edited);
    draft.clear();
  };
  const retry = (): void => {
    chat.retry(settings);
  };

  const record = (): void => {
    // Or the microphone would hear it.
    player.stop();
    recording.start();
  };

  const { fault } = conversation;
  useEffect(() => {
    // What was deleted must not be offered again.
    if (fault?.kind === "deploymentGone") reload();
  }, [fault, reload]);
  const chooseDeployment = (): void => {
    setOpened("settings");
    // On a narrow screen the drawer has to open first.
    setTimeout(() => deploymentBox.current?.focus(), 100);
  };

  const panel = (
    <SettingsPanel
      settings={settings}
      onChange={change}
      deployments={chatting}
      deploymentsError={deploymentsError}
      onReloadDeployments={reload}
      voices={voices}
      deploymentRef={setDeploymentBox}
    />
  );
  return (
    <div className={styles.page}>
      {!isNarrow && (
        <section className={styles.settings} aria-label={t("settings")}>
          <Subtitle2 as="h2" className={styles.settingsTitle}>
            {t("settings")}
          </Subtitle2>
          {panel}
        </section>
      )}
      <div className={styles.chat}>
        <ChatToolbar
          isAloud={settings.speaks ? settings.isAloud : null}
          onAloud={(isAloud) => {
            if (!isAloud) player.stop();
            change({ isAloud });
          }}
          hasMessages={conversation.messages.length > 0}
          isNarrow={isNarrow}
          onOpen={setOpened}
        />
        <Transcript
          conversation={conversation}
          player={player}
          editedId={draft.edited}
          isAloud={settings.isAloud}
          onEdit={(message) => {
            chat.stop();
            draft.edit(message);
            messageBox.current?.focus();
          }}
          onRetry={retry}
          welcome={<Welcome isDisabled={deployment === undefined} onAsk={ask} />}
        >
          {fault !== null && (
            <FaultBar
              key={conversation.messages.length}
              fault={fault}
              onDismiss={() => {
                chat.dismissFault();
              }}
              onRetry={deployment === undefined ? undefined : retry}
              onChooseDeployment={chooseDeployment}
              onAnswerAloud={() => {
                change({ speaks: true });
                chat.retry({ ...settings, speaks: true });
              }}
              onClear={() => {
                setOpened("clear");
              }}
            />
          )}
        </Transcript>
        <div className={styles.foot}>
          {chatting?.length === 0 && isNarrow && panel}
          {chatting === null && isNarrow && <ErrorBar error={deploymentsError} onRetry={reload} />}
          {draftFault !== null && (
            <FaultBar
              fault={draftFault}
              onDismiss={() => {
                setDraftFault(null);
              }}
            />
          )}
          <Composer
            draft={draft.question}
            onText={draft.write}
            onRemoveClip={draft.remove}
            onFiles={attach}
            onSend={send}
            onStop={() => {
              chat.stop();
            }}
            onCancelEditing={draft.edited === null ? null : draft.cancelEdit}
            recording={{ ...recording, start: record }}
            player={player}
            isAnswering={isAnswering}
            canSend={deployment !== undefined}
            textRef={messageBox}
          />
        </div>
      </div>
      {isDropping && <DropTarget />}
      {isNarrow && opened === "settings" && (
        <OverlayDrawer open position="end" onOpenChange={() => setOpened(null)}>
          <DrawerHeader>
            <DrawerHeaderTitle
              action={
                <Button appearance="subtle" icon={<DismissRegular />} aria-label={t("close")} onClick={() => setOpened(null)} />
              }
            >
              {t("settings")}
            </DrawerHeaderTitle>
          </DrawerHeader>
          <DrawerBody>{panel}</DrawerBody>
        </OverlayDrawer>
      )}
      {opened === "code" && (
        <ViewCode
          settings={settings}
          messages={messagesToSend(conversation.messages, draft.question, draft.edited, t("exampleText"))}
          onClose={() => setOpened(null)}
        />
      )}
      <ConfirmDialog
        isOpen={opened === "clear"}
        title={t("clearTitle")}
        action={t("clearChat")}
        onConfirm={() => {
          chat.clear();
          draft.cancelEdit();
          messageBox.current?.focus();
          return Promise.resolve();
        }}
        onClose={() => setOpened(null)}
      >
        {t("clearAdvice")}
      </ConfirmDialog>
    </div>
  );
}

/** What a request would carry now: the draft, where there is one, and an example where there is nothing at all. */
function messagesToSend(
  messages: readonly Message[],
  draft: Question,
  edited: string | null,
  example: string,
): readonly Message[] {
  if (!isEmpty(draft)) {
    return [...(edited === null ? messages : before(messages, edited)), { role: "user", id: "draft", ...draft }];
  }
  if (messages.length > 0) return upToLastQuestion(messages);
  return [{ role: "user", id: "example", text: example, clips: [] }];
}
