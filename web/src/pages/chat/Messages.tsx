/** One message of the conversation: the user's, or a reply. */

import { Button, Caption1, makeStyles, mergeClasses, Spinner, Text, tokens, Tooltip } from "@fluentui/react-components";
import { ArrowClockwiseRegular, CheckmarkRegular, CopyRegular, EditRegular, type FluentIcon } from "@fluentui/react-icons";
import { useState, type ReactNode } from "react";

import { concatenated, wavOf } from "../../audio/pcm";
import type { SpeechPlayer } from "../../audio/speechPlayer";
import { copyText } from "../../shell/clipboard";
import { Logo } from "../../shell/Logo";
import { useText } from "../../text/LanguageProvider";
import type { Reply, Speech, UserMessage } from "./conversation";
import { saveFile } from "./saveFile";
import { SpeechBar } from "./SpeechBar";
import { text } from "./text";

const useStyles = makeStyles({
  question: { display: "flex", flexDirection: "column", alignItems: "flex-end", gap: tokens.spacingVerticalXXS },
  bubble: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXS,
    boxSizing: "border-box",
    maxWidth: "min(560px, 88%)",
    padding: `${tokens.spacingVerticalMNudge} ${tokens.spacingHorizontalL}`,
    borderRadius: tokens.borderRadiusXLarge,
    borderBottomRightRadius: tokens.borderRadiusSmall,
    backgroundColor: tokens.colorBrandBackground2,
    color: tokens.colorNeutralForeground1,
  },
  reply: { display: "grid", gridTemplateColumns: "28px minmax(0, 1fr)", columnGap: tokens.spacingHorizontalM },
  answer: { display: "flex", flexDirection: "column", alignItems: "stretch", gap: tokens.spacingVerticalS },
  words: { whiteSpace: "pre-wrap", overflowWrap: "anywhere", lineHeight: tokens.lineHeightBase400, paddingTop: "3px" },
  speech: {
    boxSizing: "border-box",
    alignSelf: "flex-start",
    maxWidth: "100%",
    padding: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalXS}`,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  clip: { marginLeft: `calc(-1 * ${tokens.spacingHorizontalS})` },
  actions: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalXXS, minHeight: "24px", marginLeft: "-4px" },
  quiet: { color: tokens.colorNeutralForeground3 },
  notice: { color: tokens.colorNeutralForeground2, marginLeft: tokens.spacingHorizontalS },
  waiting: { justifyContent: "flex-start", minHeight: "28px" },
  dimmed: { opacity: 0.45 },
});

interface UserMessageProps {
  readonly message: UserMessage;
  readonly player: SpeechPlayer;
  readonly isDimmed: boolean;
  readonly onEdit: () => void;
}

export function UserBubble({ message, player, isDimmed, onEdit }: UserMessageProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  return (
    <article className={mergeClasses(styles.question, isDimmed && styles.dimmed)} aria-label={t("you")}>
      <div className={styles.bubble}>
        {message.text !== "" && <Text className={styles.words}>{message.text}</Text>}
        {message.clips.map((clip) => {
          const name = clip.name ?? t("clipName");
          return clip.samples === null ? (
            <Caption1 key={clip.id}>{name}</Caption1>
          ) : (
            <SpeechBar
              key={clip.id}
              id={clip.id}
              name={name}
              samples={[clip.samples]}
              isWhole
              player={player}
              className={styles.clip}
            />
          );
        })}
      </div>
      <div className={styles.actions}>
        <Action icon={EditRegular} label={t("edit")} onClick={onEdit} />
      </div>
    </article>
  );
}

interface ReplyProps {
  readonly reply: Reply;
  readonly player: SpeechPlayer;
  readonly isDimmed: boolean;
  /** Given for the last reply. */
  readonly onRetry: (() => void) | undefined;
}

export function ReplyBubble({ reply, player, isDimmed, onRetry }: ReplyProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { speech, state } = reply;
  const isArriving = state === "arriving";
  return (
    <article className={mergeClasses(styles.reply, isDimmed && styles.dimmed)} aria-label={t("model")} aria-busy={isArriving}>
      <Logo />
      <div className={styles.answer}>
        {isArriving && reply.text === "" && (
          <Spinner size="extra-tiny" label={t("thinking")} labelPosition="after" className={styles.waiting} />
        )}
        {reply.text !== "" && <Text className={styles.words}>{reply.text}</Text>}
        {speech !== null && speech.samples.length > 0 && (
          <SpeechBar
            id={reply.id}
            name={t("reply")}
            samples={speech.samples}
            isWhole={!isArriving}
            player={player}
            onDownload={isArriving ? undefined : () => saveSpeech(speech)}
            className={styles.speech}
          />
        )}
        {!isArriving && (
          <div className={styles.actions}>
            <CopyAction words={reply.text} />
            {onRetry !== undefined && <Action icon={ArrowClockwiseRegular} label={t("retry")} onClick={onRetry} />}
            {state !== "done" && <Caption1 className={styles.notice}>{t(state === "cut" ? "cut" : "stopped")}</Caption1>}
          </div>
        )}
      </div>
    </article>
  );
}

function saveSpeech({ file, samples }: Speech): void {
  if (file === null) saveFile(wavOf(concatenated(samples)), "reply.wav");
  else saveFile(new Blob([file.bytes]), `reply.${file.format}`);
}

interface ActionProps {
  readonly icon: FluentIcon;
  readonly label: string;
  readonly onClick: () => void;
}

function Action({ icon: Icon, label, onClick }: ActionProps): ReactNode {
  const styles = useStyles();
  return (
    <Tooltip content={label} relationship="label">
      <Button appearance="subtle" size="small" icon={<Icon className={styles.quiet} />} onClick={onClick} />
    </Tooltip>
  );
}

function CopyAction({ words }: { readonly words: string }): ReactNode {
  const t = useText(text);
  const [isCopied, setIsCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await copyText(words);
    setIsCopied(true);
    setTimeout(() => {
      setIsCopied(false);
    }, 2000);
  };
  return <Action icon={isCopied ? CheckmarkRegular : CopyRegular} label={t(isCopied ? "copied" : "copy")} onClick={() => void copy()} />;
}
