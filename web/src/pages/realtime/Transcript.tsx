/** What was said, by whom, while it is being said. */

import { Body1, Caption1, makeStyles, mergeClasses, Subtitle1, tokens } from "@fluentui/react-components";
import { MicSparkleRegular } from "@fluentui/react-icons";
import { useLayoutEffect, useRef, type ReactNode } from "react";

import { useText } from "../../text/LanguageProvider";
import { CallCard } from "./CallCard";
import { LatencyStrip } from "./LatencyStrip";
import type { RealtimeClient } from "./session/RealtimeClient";
import { wordsOf } from "./session/spoken";
import type { AssistantEntry, Entry, State, UserEntry } from "./session/state";
import { text } from "./text";

const useStyles = makeStyles({
  transcript: {
    flexGrow: 1,
    minHeight: "96px",
    overflowY: "auto",
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
  },
  empty: {
    margin: "auto",
    maxWidth: "400px",
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    gap: tokens.spacingVerticalM,
    textAlign: "center",
  },
  emptyIcon: { fontSize: "48px", color: tokens.colorBrandForeground1 },
  emptyTitle: { margin: 0 },
  emptyAdvice: { color: tokens.colorNeutralForeground3, textWrap: "balance" },
  quiet: { color: tokens.colorNeutralForeground3 },
  entry: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS, maxWidth: "min(640px, 88%)" },
  mine: { alignSelf: "flex-end", alignItems: "flex-end" },
  its: { alignSelf: "flex-start", alignItems: "flex-start" },
  bubble: {
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusXLarge,
    overflowWrap: "anywhere",
    whiteSpace: "pre-wrap",
  },
  myBubble: {
    backgroundColor: tokens.colorBrandBackground2,
    color: tokens.colorNeutralForeground1,
    borderBottomRightRadius: tokens.borderRadiusSmall,
  },
  itsBubble: { backgroundColor: tokens.colorNeutralBackground3, borderBottomLeftRadius: tokens.borderRadiusSmall },
  live: { boxShadow: `0 0 0 2px ${tokens.colorBrandStroke1}` },
  unheard: { color: tokens.colorNeutralForeground3 },
  boundary: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    color: tokens.colorNeutralForeground3,
    textAlign: "center",
    "::before": { content: '""', flexGrow: 1, borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
    "::after": { content: '""', flexGrow: 1, borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  },
});

/** Who reads further up is left there; who is within so much of the end, in pixels, is kept at it. */
const NEAR_END = 80;

export interface TranscriptProps {
  readonly client: RealtimeClient;
  readonly state: State;
}

export function Transcript({ client, state }: TranscriptProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const log = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (log.current !== null && isAtEnd.current) log.current.scrollTop = log.current.scrollHeight;
  });
  const { entries, unsent } = state;
  const isEmpty = entries.length === 0 && unsent.length === 0;
  return (
    <div
      ref={log}
      className={styles.transcript}
      role="log"
      // The voice is heard already; the state is announced below.
      aria-live="off"
      aria-label={t("conversation")}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END;
      }}
    >
      {isEmpty && (
        <div className={styles.empty}>
          <MicSparkleRegular className={styles.emptyIcon} />
          <Subtitle1 as="h2" className={styles.emptyTitle}>
            {t("emptyTitle")}
          </Subtitle1>
          <Body1 align="center" className={styles.emptyAdvice}>
            {t("emptyAdvice")}
          </Body1>
        </div>
      )}
      {entries.map((entry, at) => (
        <EntryView key={entry.id} client={client} state={state} entry={entry} isFirst={isFirstOfResponse(entries, at)} />
      ))}
      {unsent.map(({ id, text: said }) => (
        <Mine key={id} entry={{ kind: "user", id, session: state.session, text: said, state: "done" }} />
      ))}
    </div>
  );
}

function isFirstOfResponse(entries: readonly Entry[], at: number): boolean {
  const entry = entries[at];
  if (entry === undefined || !("responseId" in entry)) return false;
  return !entries.slice(0, at).some((before) => "responseId" in before && before.responseId === entry.responseId);
}

interface EntryViewProps extends TranscriptProps {
  readonly entry: Entry;
  readonly isFirst: boolean;
}

function EntryView({ client, state, entry, isFirst }: EntryViewProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  if (entry.kind === "user") return <Mine entry={entry} />;
  if (entry.kind === "boundary") return <Caption1 className={styles.boundary}>{t("newSession")}</Caption1>;
  const turn = isFirst ? state.turns[entry.responseId] : undefined;
  return (
    <div className={mergeClasses(styles.entry, styles.its)}>
      <Caption1 className={styles.quiet}>{t("model")}</Caption1>
      {entry.kind === "call" ? (
        <CallCard client={client} entry={entry} />
      ) : (
        <Its entry={entry} isPlaying={state.playing === entry.id} />
      )}
      {turn !== undefined && <LatencyStrip turn={turn} />}
    </div>
  );
}

function Mine({ entry }: { readonly entry: UserEntry }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const placeholders = { speaking: "speakingNow", recognizing: "recognizing", done: "noWords", failed: "notRecognized" } as const;
  return (
    <div className={mergeClasses(styles.entry, styles.mine)}>
      <Caption1 className={styles.quiet}>{t("you")}</Caption1>
      <Body1 className={mergeClasses(styles.bubble, styles.myBubble, entry.state === "speaking" && styles.live)}>
        {entry.text ? entry.text.trim() : <span className={styles.quiet}>{t(placeholders[entry.state])}</span>}
      </Body1>
    </div>
  );
}

function Its({ entry, isPlaying }: { readonly entry: AssistantEntry; readonly isPlaying: boolean }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { cut } = entry;
  const said = wordsOf(entry.pieces);
  return (
    <>
      <Body1 className={mergeClasses(styles.bubble, styles.itsBubble, isPlaying && styles.live)}>
        {said === "" ? t("thinkingDots") : said.slice(0, cut?.letters)}
        {cut !== null && cut.letters < said.length && <del className={styles.unheard}>{said.slice(cut.letters)}</del>}
      </Body1>
      {cut !== null && (
        <Caption1 className={styles.quiet}>
          {cut.silentAfterMs === null
            ? t("interruptedAfter", { played: (cut.playedMs / 1000).toFixed(2) })
            : t("interruptedAt", { played: (cut.playedMs / 1000).toFixed(2), silent: Math.ceil(cut.silentAfterMs) })}
        </Caption1>
      )}
    </>
  );
}
