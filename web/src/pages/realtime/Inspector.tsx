/** Every event of the protocol, in a lane for each side. */

import { Button, Caption1, Input, makeStyles, mergeClasses, Select, tokens, ToggleButton, Tooltip } from "@fluentui/react-components";
import { ArrowDownloadRegular, FilterRegular, PauseRegular, PlayRegular } from "@fluentui/react-icons";
import { useMemo, useState, useSyncExternalStore, type ReactNode } from "react";

import { CopyButton } from "../../shell/CopyButton";
import { useText } from "../../text/LanguageProvider";
import { EventList } from "./EventList";
import { filtered, jsonLines, type EventLog, type Lane, type Logged } from "./session/eventLog";
import { indented } from "./session/tools";
import { text } from "./text";

const NARROW = "@media (max-width: 640px)";

const useStyles = makeStyles({
  inspector: {
    flexShrink: 0,
    display: "flex",
    flexDirection: "column",
    height: "min(320px, 45%)",
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  bar: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL}`,
  },
  filter: { flex: "1 1 140px", minWidth: 0 },
  count: { color: tokens.colorNeutralForeground3, fontVariantNumeric: "tabular-nums", [NARROW]: { display: "none" } },
  panes: {
    flexGrow: 1,
    minHeight: 0,
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr)",
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  both: {
    gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)",
    [NARROW]: { gridTemplateColumns: "minmax(0, 1fr)", gridTemplateRows: "minmax(0, 1fr) minmax(0, 1fr)" },
  },
  detail: {
    position: "relative",
    minHeight: 0,
    overflow: "auto",
    padding: tokens.spacingHorizontalM,
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
    [NARROW]: { borderLeft: "none", borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  json: { margin: 0, fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
  copy: { position: "absolute", top: tokens.spacingVerticalXS, right: tokens.spacingHorizontalXS },
});

export function Inspector({ log }: { readonly log: EventLog }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const current = useSyncExternalStore(log.subscribe, log.snapshot);
  const [paused, setPaused] = useState<readonly Logged[] | null>(null);
  const [lane, setLane] = useState<Lane | null>(null);
  const [wanted, setWanted] = useState("");
  const [chosen, setChosen] = useState<Logged | null>(null);
  const logged = paused ?? current;
  const shown = useMemo(() => filtered(logged, { lane, text: wanted }), [logged, lane, wanted]);
  return (
    <section className={styles.inspector} aria-label={t("inspector")}>
      <div className={styles.bar}>
        <Input
          size="small"
          className={styles.filter}
          contentBefore={<FilterRegular />}
          aria-label={t("filter")}
          placeholder={t("filter")}
          value={wanted}
          onChange={(_event, { value }) => {
            setWanted(value);
          }}
        />
        <Select
          size="small"
          aria-label={t("lane")}
          value={lane ?? ""}
          onChange={(_event, { value }) => {
            setLane(value === "" ? null : (value as Lane));
          }}
        >
          <option value="">{t("allLanes")}</option>
          <option value="client">{t("client")}</option>
          <option value="server">{t("server")}</option>
        </Select>
        <Caption1 className={styles.count}>{t("shownOf", { n: shown.length })}</Caption1>
        <Tooltip content={t(paused === null ? "pause" : "resume")} relationship="label">
          <ToggleButton
            size="small"
            appearance="subtle"
            icon={paused === null ? <PauseRegular /> : <PlayRegular />}
            checked={paused !== null}
            onClick={() => {
              setPaused(paused === null ? current : null);
            }}
          />
        </Tooltip>
        <Tooltip content={`${t("export")}. ${t("exportHint")}`} relationship="description">
          <Button
            size="small"
            appearance="subtle"
            icon={<ArrowDownloadRegular />}
            aria-label={t("export")}
            disabled={logged.length === 0}
            onClick={() => {
              log.flush(); // The list may lag behind by some events.
              download(jsonLines(filtered(paused ?? log.snapshot(), { lane, text: wanted })));
            }}
          />
        </Tooltip>
      </div>
      <div className={mergeClasses(styles.panes, chosen !== null && styles.both)}>
        <EventList
          events={shown}
          chosen={chosen?.id ?? null}
          empty={t(logged.length === 0 ? "noEvents" : "noMatches")}
          onChoose={setChosen}
        />
        {chosen !== null && (
          <div className={styles.detail} tabIndex={0} role="region" aria-label={chosen.type}>
            <div className={styles.copy}>
              <CopyButton key={chosen.id} size="small" label={t("copy")} content={indented(chosen.json)} />
            </div>
            <pre className={styles.json}>{indented(chosen.json)}</pre>
          </div>
        )}
      </div>
    </section>
  );
}

function download(lines: string): void {
  const url = URL.createObjectURL(new Blob([lines], { type: "application/jsonl" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "realtime-events.jsonl";
  link.click();
  URL.revokeObjectURL(url);
}
