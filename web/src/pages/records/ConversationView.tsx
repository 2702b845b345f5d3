/** A record as a conversation: who said what, with its sound. */

import { Caption1, Divider, makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

import { useText } from "../../text/LanguageProvider";
import { indented, type Conversation, type Part, type Turn } from "./conversation";
import { RecordingPlayer } from "./RecordingPlayer";
import { text } from "./text";

const useStyles = makeStyles({
  conversation: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  turn: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS, maxWidth: "92%", minWidth: 0 },
  user: { alignSelf: "flex-end", alignItems: "flex-end" },
  wide: { maxWidth: "100%" },
  speaker: { color: tokens.colorNeutralForeground2 },
  bubble: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalS,
    boxSizing: "border-box",
    maxWidth: "100%",
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground3,
    overflowWrap: "anywhere",
  },
  withSound: { width: "400px" },
  userBubble: { backgroundColor: tokens.colorBrandBackground2 },
  systemBubble: { backgroundColor: tokens.colorNeutralBackground2, color: tokens.colorNeutralForeground2 },
  words: { whiteSpace: "pre-wrap" },
  quiet: { color: tokens.colorNeutralForeground2, fontStyle: "italic" },
  code: {
    margin: 0,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  },
});

export interface ConversationViewProps {
  readonly recordId: string;
  readonly conversation: Conversation;
}

export function ConversationView({ recordId, conversation }: ConversationViewProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const turns = (spoken: readonly Turn[]): ReactNode =>
    spoken.map((turn, place) => <TurnView key={place} recordId={recordId} turn={turn} />);
  return (
    <div className={styles.conversation}>
      {turns(conversation.asked)}
      {conversation.answered.length > 0 && <Divider>{t("replyHeading")}</Divider>}
      {turns(conversation.answered)}
      {conversation.isCutShort && <Caption1 className={styles.quiet}>{t("cutShort")}</Caption1>}
    </div>
  );
}

function TurnView({ recordId, turn }: { readonly recordId: string; readonly turn: Turn }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const isUser = turn.speaker === "user";
  const isSystem = turn.speaker === "system";
  const hasSound = turn.parts.some((part) => part.kind === "audio" && part.name !== null);
  return (
    <div className={mergeClasses(styles.turn, isUser && styles.user, isSystem && styles.wide)}>
      <Caption1 className={styles.speaker}>{t(turn.speaker)}</Caption1>
      <div
        className={mergeClasses(
          styles.bubble,
          isUser && styles.userBubble,
          isSystem && styles.systemBubble,
          hasSound && styles.withSound,
        )}
      >
        {turn.parts.map((part, place) => (
          <PartView key={place} recordId={recordId} part={part} />
        ))}
      </div>
    </div>
  );
}

function PartView({ recordId, part }: { readonly recordId: string; readonly part: Part }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  switch (part.kind) {
    case "text":
      return <Text className={styles.words}>{part.text}</Text>;
    case "refusal":
      return (
        <Text className={styles.words}>
          <strong>{t("refused")}</strong> {part.text}
        </Text>
      );
    case "audio":
      return (
        <>
          {part.name === null ? (
            <Text className={styles.quiet}>{t("spokenEarlier")}</Text>
          ) : (
            <RecordingPlayer recordId={recordId} name={part.name} />
          )}
          {part.transcript !== null && <Text className={styles.words}>{part.transcript}</Text>}
        </>
      );
    case "call":
      return (
        <>
          <Text weight="semibold">{t("calls", { name: part.name })}</Text>
          <pre className={styles.code}>{indented(part.args)}</pre>
        </>
      );
    case "result":
      return <pre className={styles.code}>{indented(part.output)}</pre>;
  }
}
