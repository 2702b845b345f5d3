/** Thousands of events, of which only those in sight are drawn. */

import { Caption1, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { ArrowDownRegular, ArrowUpRegular } from "@fluentui/react-icons";
import { useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

import { useText } from "../../text/LanguageProvider";
import type { Logged } from "./session/eventLog";
import { text } from "./text";

const ROW = 26;
/** Rows that are drawn beyond those in sight, on either side. */
const MARGIN = 6;

const NARROW = "@media (max-width: 640px)";

const useStyles = makeStyles({
  list: { minHeight: 0, overflow: "auto", position: "relative", outlineOffset: "-2px" },
  empty: { padding: tokens.spacingHorizontalM, color: tokens.colorNeutralForeground3 },
  row: {
    position: "absolute",
    left: 0,
    right: 0,
    height: `${String(ROW)}px`,
    display: "grid",
    gridTemplateColumns: "92px 48px minmax(0, 1fr)",
    alignItems: "center",
    paddingLeft: tokens.spacingHorizontalL,
    cursor: "pointer",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    ":hover": { backgroundColor: tokens.colorNeutralBackground2Hover },
    [NARROW]: { gridTemplateColumns: "minmax(0, 1fr)", paddingLeft: tokens.spacingHorizontalM },
  },
  chosen: { backgroundColor: tokens.colorNeutralBackground2Selected },
  time: { color: tokens.colorNeutralForeground3, [NARROW]: { display: "none" } },
  event: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalXS, minWidth: 0 },
  arrow: { flexShrink: 0 },
  type: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  client: { gridColumn: "2 / -1", color: tokens.colorPaletteTealForeground2, [NARROW]: { gridColumn: 1 } },
  server: { gridColumn: 3, color: tokens.colorBrandForeground1, [NARROW]: { gridColumn: 1, paddingLeft: tokens.spacingHorizontalL } },
  error: { color: tokens.colorStatusDangerForeground1 },
  count: { color: tokens.colorNeutralForeground3 },
});

export interface EventListProps {
  readonly events: readonly Logged[];
  readonly chosen: number | null;
  /** What stands there when there are none. */
  readonly empty: string;
  /** Null: none any more. */
  readonly onChoose: (event: Logged | null) => void;
}

export function EventList({ events, chosen, empty, onChoose }: EventListProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [sight, setSight] = useState({ top: 0, height: 320 });

  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    if (isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [events]);

  const first = Math.max(0, Math.floor(sight.top / ROW) - MARGIN);
  const drawn = events.slice(first, Math.ceil((sight.top + sight.height) / ROW) + MARGIN);
  const move = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onChoose(null);
    const at = events.findIndex(({ id }) => id === chosen);
    const last = events.length - 1;
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = events[Math.max(0, Math.min(last, at === -1 && event.key === "ArrowUp" ? last : to))];
    if (next === undefined) return;
    onChoose(next);
    const top = events.indexOf(next) * ROW;
    const element = list.current;
    if (element === null) return;
    if (top < element.scrollTop) element.scrollTop = top;
    if (top + ROW > element.scrollTop + element.clientHeight) element.scrollTop = top + ROW - element.clientHeight;
  };
  return (
    <div
      ref={list}
      className={styles.list}
      role="listbox"
      aria-label={t("eventList")}
      aria-activedescendant={chosen !== null && drawn.some(({ id }) => id === chosen) ? `event-${String(chosen)}` : undefined}
      tabIndex={0}
      onKeyDown={move}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < ROW;
        setSight({ top: scrollTop, height: clientHeight });
      }}
    >
      {events.length === 0 && <Caption1 className={styles.empty}>{empty}</Caption1>}
      <div style={{ height: events.length * ROW }} role="presentation">
        {drawn.map((event, at) => (
          <div
            key={event.id}
            id={`event-${String(event.id)}`}
            className={mergeClasses(styles.row, event.id === chosen && styles.chosen)}
            style={{ top: (first + at) * ROW }}
            role="option"
            aria-selected={event.id === chosen}
            onClick={() => {
              onChoose(event.id === chosen ? null : event);
            }}
          >
            <span className={styles.time}>{clock(event.at)}</span>
            <span className={mergeClasses(styles.event, styles[event.lane], event.type === "error" && styles.error)}>
              {event.lane === "client" ? (
                <ArrowUpRegular className={styles.arrow} aria-label={t("client")} />
              ) : (
                <ArrowDownRegular className={styles.arrow} aria-label={t("server")} />
              )}
              <span className={styles.type}>{event.type}</span>
              {event.count > 1 && <span className={styles.count}>×{event.count}</span>}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}
