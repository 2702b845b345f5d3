/** Where a message is made: text, recordings and files, any of them together. */

import {
  Button,
  Caption1,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  tokens,
  Tooltip,
} from "@fluentui/react-components";
import { AttachRegular, DeleteRegular, MicRegular, SendFilled, StopFilled } from "@fluentui/react-icons";
import { useCallback, useEffect, useRef, type ClipboardEvent, type KeyboardEvent, type ReactNode, type Ref } from "react";

import type { SpeechPlayer } from "../../audio/speechPlayer";
import { useText } from "../../text/LanguageProvider";
import { megabytes, type Clip } from "./clips";
import { isEmpty, type Question } from "./conversation";
import { RecordingBar } from "./RecordingBar";
import { SpeechBar } from "./SpeechBar";
import { text } from "./text";
import type { Recording } from "./useRecording";

const useStyles = makeStyles({
  composer: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalM,
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow4,
    ":focus-within": { border: `1px solid ${tokens.colorCompoundBrandStroke}` },
  },
  text: {
    boxSizing: "border-box",
    width: "100%",
    minHeight: "28px",
    maxHeight: "30vh",
    // Grows with its text, where the browser can do that.
    fieldSizing: "content",
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalXS}`,
    border: "none",
    outline: "none",
    resize: "none",
    backgroundColor: "transparent",
    color: tokens.colorNeutralForeground1,
    fontFamily: tokens.fontFamilyBase,
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    "::placeholder": { color: tokens.colorNeutralForeground3 },
  },
  row: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  space: { flexGrow: 1 },
  clip: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalS}`,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground3,
    minWidth: 0,
  },
  clipBar: { flexGrow: 1, flexBasis: 0 },
  clipWords: { display: "flex", flexDirection: "column", minWidth: 0, flexShrink: 1 },
  clipName: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", maxWidth: "180px" },
  size: { color: tokens.colorNeutralForeground2, whiteSpace: "nowrap" },
  hidden: { display: "none" },
});

export interface ComposerProps {
  readonly draft: Question;
  readonly onText: (text: string) => void;
  readonly onRemoveClip: (clip: Clip) => void;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onSend: () => void;
  readonly onStop: () => void;
  readonly onCancelEditing: (() => void) | null;
  readonly recording: Recording;
  readonly player: SpeechPlayer;
  readonly isAnswering: boolean;
  /** Whether there is a deployment to send to. */
  readonly canSend: boolean;
  readonly textRef: Ref<HTMLTextAreaElement>;
}

export function Composer({
  draft,
  onText,
  onRemoveClip,
  onFiles,
  onSend,
  onStop,
  onCancelEditing,
  recording,
  player,
  isAnswering,
  canSend,
  textRef,
}: ComposerProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const hasDraft = !isEmpty(draft);

  const sendButton = useRef<HTMLButtonElement | null>(null);
  const sendRef = useCallback((button: HTMLButtonElement | null) => {
    sendButton.current = button;
  }, []);
  const clips = useRef(draft.clips.length);
  useEffect(() => {
    // With something attached or recorded, sending it comes next, unless the user is writing.
    const isNew = draft.clips.length > clips.current;
    clips.current = draft.clips.length;
    if (isNew && document.activeElement?.tagName !== "TEXTAREA") sendButton.current?.focus();
  }, [draft.clips]);

  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter also ends a word that is being composed, as in Japanese: that one is not ours.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (hasDraft && canSend && !isAnswering) onSend();
  };
  const onPaste = (event: ClipboardEvent): void => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    onFiles([...event.clipboardData.files]);
  };

  return (
    <div className={styles.composer}>
      {onCancelEditing !== null && (
        <MessageBar layout="multiline">
          <MessageBarBody>{t("editing")}</MessageBarBody>
          <MessageBarActions>
            <Button onClick={onCancelEditing}>{t("cancelEditing")}</Button>
          </MessageBarActions>
        </MessageBar>
      )}
      {draft.clips.map((clip) => (
        <DraftedClip key={clip.id} clip={clip} player={player} onRemove={onRemoveClip} />
      ))}
      <textarea
        ref={textRef}
        className={styles.text}
        rows={1}
        value={draft.text}
        placeholder={t("messagePlaceholder")}
        aria-label={t("message")}
        onChange={(event) => {
          onText(event.target.value);
        }}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
      {recording.recorded === null ? (
        <div className={styles.row}>
          <AttachButton onFiles={onFiles} />
          <Button appearance={hasDraft ? "secondary" : "primary"} icon={<MicRegular />} onClick={recording.start}>
            {t("record")}
          </Button>
          <span className={styles.space} />
          {isAnswering ? (
            <Button icon={<StopFilled />} aria-label={t("stopReply")} onClick={onStop}>
              {t("stop")}
            </Button>
          ) : (
            <Button
              ref={sendRef}
              appearance={hasDraft ? "primary" : "secondary"}
              icon={<SendFilled />}
              disabledFocusable={!hasDraft || !canSend}
              onClick={onSend}
            >
              {t("send")}
            </Button>
          )}
        </div>
      ) : (
        <RecordingBar recorded={recording.recorded} onStop={recording.stop} onDiscard={recording.discard} />
      )}
    </div>
  );
}

function AttachButton({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Tooltip content={t("attach")} relationship="label">
        <Button appearance="subtle" icon={<AttachRegular />} onClick={() => input.current?.click()} />
      </Tooltip>
      <input
        ref={input}
        className={styles.hidden}
        type="file"
        accept="audio/*,.wav,.mp3,.flac,.ogg,.opus,.webm,.m4a,.aac"
        multiple
        aria-label={t("attach")}
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          target.value = ""; // The same file may be chosen again.
        }}
      />
    </>
  );
}

interface DraftedClipProps {
  readonly clip: Clip;
  readonly player: SpeechPlayer;
  readonly onRemove: (clip: Clip) => void;
}

function DraftedClip({ clip, player, onRemove }: DraftedClipProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const name = clip.name ?? t("clipName");
  return (
    <div className={styles.clip} role="group" aria-label={name}>
      {clip.samples !== null && (
        <SpeechBar id={clip.id} name={name} samples={[clip.samples]} isWhole player={player} className={styles.clipBar} />
      )}
      <div className={styles.clipWords}>
        <Caption1 className={styles.clipName}>{name}</Caption1>
        <Caption1 className={styles.size}>{t("clipSize", { size: megabytes(clip.bytes.length).toFixed(1) })}</Caption1>
      </div>
      <Tooltip content={t("removeClip", { name })} relationship="label">
        <Button
          appearance="subtle"
          className={styles.size}
          icon={<DeleteRegular />}
          onClick={() => {
            onRemove(clip);
          }}
        />
      </Tooltip>
    </div>
  );
}
