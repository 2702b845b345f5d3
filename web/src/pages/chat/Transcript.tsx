/** The messages, oldest first; the newest stays in view unless the user looks at older ones. */

import { makeStyles, tokens } from "@fluentui/react-components";
import { useEffect, useRef, type ReactNode } from "react";

import type { SpeechPlayer } from "../../audio/speechPlayer";
import { useText } from "../../text/LanguageProvider";
import type { Conversation, UserMessage } from "./conversation";
import { ReplyBubble, UserBubble } from "./Messages";
import { text } from "./text";

const useStyles = makeStyles({
  scroller: { flexGrow: 1, minHeight: 0, overflowY: "auto", padding: `0 ${tokens.spacingHorizontalL}` },
  column: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalL,
    boxSizing: "border-box",
    width: "100%",
    maxWidth: "760px",
    minHeight: "100%",
    margin: "0 auto",
    padding: `${tokens.spacingVerticalL} 0`,
  },
  status: { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)", whiteSpace: "nowrap" },
});

/** How near to its end the transcript has to be to follow what is new. */
const NEAR_PIXELS = 48;

interface TranscriptProps {
  readonly conversation: Conversation;
  readonly player: SpeechPlayer;
  /** The message that is being edited: what follows it will go. */
  readonly editedId: string | null;
  readonly onEdit: (message: UserMessage) => void;
  readonly onRetry: () => void;
  /** Whether replies are heard, so that they need not be read out as well. */
  readonly isAloud: boolean;
  /** Shown in place of messages while there are none. */
  readonly welcome: ReactNode;
  /** Shown after the last message. */
  readonly children: ReactNode;
}

export function Transcript(props: TranscriptProps): ReactNode {
  const { conversation, player, editedId, onEdit, onRetry, isAloud, welcome, children } = props;
  const { messages } = conversation;
  const styles = useStyles();
  const t = useText(text);
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    if (isAtEnd.current && conversation.messages.length > 0) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [conversation]);

  useEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    // The composer takes room from it when it grows.
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current && box.querySelector("article") !== null) box.scrollTo({ top: box.scrollHeight });
    });
    observer.observe(box);
    return () => {
      observer.disconnect();
    };
  }, []);

  const editedAt = messages.findIndex((message) => message.id === editedId);
  const isDimmed = (index: number): boolean => editedAt !== -1 && index >= editedAt;
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label={t("conversation")}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollTop + clientHeight > scrollHeight - NEAR_PIXELS;
      }}
    >
      <div className={styles.column}>
        {messages.length === 0 && welcome}
        {messages.map((message, index) =>
          message.role === "user" ? (
            <UserBubble
              key={message.id}
              message={message}
              player={player}
              isDimmed={isDimmed(index)}
              onEdit={() => {
                onEdit(message);
              }}
            />
          ) : (
            <ReplyBubble
              key={message.id}
              reply={message}
              player={player}
              isDimmed={isDimmed(index)}
              onRetry={index === messages.length - 1 ? onRetry : undefined}
            />
          ),
        )}
        {children}
      </div>
      <Announcement conversation={conversation} isAloud={isAloud} />
    </div>
  );
}

/** Tells screen readers of each reply twice, when it begins and when it is complete, and not at every word. */
function Announcement({ conversation, isAloud }: { readonly conversation: Conversation; readonly isAloud: boolean }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const last = conversation.messages.at(-1);
  const words = (): string => {
    if (last?.role !== "assistant") return "";
    if (last.state === "arriving") return t("answering");
    return isAloud && last.speech !== null ? t("answeredAloud") : t("answered", { text: last.text });
  };
  return (
    <div role="status" className={styles.status}>
      {words()}
    </div>
  );
}
