/** Tells on every other page that the microphone is on, and ends it or leads back to where it is. */

import { Button, Link, makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { MicOffRegular, MicRegular, PlugConnectedRegular, StopRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";

import { useText } from "../text/LanguageProvider";
import { useAllOngoing, type Ongoing } from "./ongoing";
import { addressOf } from "./route";
import { text } from "./text";

const useStyles = makeStyles({
  bar: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalXS,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL}`,
    backgroundColor: tokens.colorNeutralBackground5,
    color: tokens.colorNeutralForeground1,
  },
  hot: { backgroundColor: tokens.colorStatusDangerBackground1, color: tokens.colorStatusDangerForeground1 },
  icon: { fontSize: "20px", flexShrink: 0 },
  words: { flex: "1 1 200px", minWidth: 0 },
  link: { color: "inherit", textDecorationLine: "underline", ":hover": { color: "inherit" } },
});

const ICONS = { on: MicRegular, muted: MicOffRegular, off: PlugConnectedRegular } as const;
const WORDS = {
  chat: { on: "recordingGoesOn", muted: "recordingGoesOn", off: "recordingGoesOn" },
  realtime: { on: "conversationHears", muted: "conversationMuted", off: "conversationGoesOn" },
} as const;

export interface OngoingBarProps {
  /** The page that is open, which tells of its own. */
  readonly open: string;
  /** Whether one can go there just now. */
  readonly canGoBack?: boolean;
}

export function OngoingBar({ open, canGoBack = true }: OngoingBarProps): ReactNode {
  const elsewhere = useAllOngoing().filter(({ route }) => route !== open);
  return (
    // It is there before it says something, so that screen readers read what comes.
    <div role="status">
      {elsewhere.map((activity) => (
        <Activity key={activity.route} activity={activity} canGoBack={canGoBack} />
      ))}
    </div>
  );
}

function Activity({ activity, canGoBack }: { readonly activity: Ongoing; readonly canGoBack: boolean }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { route, microphone, stop } = activity;
  const Icon = ICONS[microphone];
  return (
    <div className={mergeClasses(styles.bar, microphone === "on" && styles.hot)}>
      <Icon className={styles.icon} aria-hidden />
      <Text className={styles.words}>{t(WORDS[route][microphone])}</Text>
      {canGoBack && (
        <Link href={addressOf(route)} className={styles.link}>
          {t("goBackTo", { page: t(route) })}
        </Link>
      )}
      <Button size="small" icon={<StopRegular />} onClick={stop}>
        {t(route === "chat" ? "endRecording" : "endConversation")}
      </Button>
    </div>
  );
}
