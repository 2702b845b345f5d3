/** The real-time audio playground: talk with a model, and see all that goes on between. */

import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  makeStyles,
  OverlayDrawer,
  Subtitle1,
  ToggleButton,
  tokens,
  Tooltip,
} from "@fluentui/react-components";
import { DeleteRegular, DismissRegular, PulseRegular, SettingsRegular } from "@fluentui/react-icons";
import { useState, type ReactNode } from "react";

import { ErrorBar } from "../../shell/ErrorBar";
import { useText } from "../../text/LanguageProvider";
import { Dock } from "./Dock";
import { Inspector } from "./Inspector";
import { Notices } from "./Notices";
import { SetupPanel } from "./SetupPanel";
import { text } from "./text";
import { Transcript } from "./Transcript";
import { useDeployments } from "./useDeployments";
import { useRealtime } from "./useRealtime";

const NARROW = "@media (max-width: 960px)";

const useStyles = makeStyles({
  page: { display: "grid", gridTemplateColumns: "320px minmax(0, 1fr)", height: "100%", [NARROW]: { gridTemplateColumns: "minmax(0, 1fr)" } },
  setup: {
    overflowY: "auto",
    padding: tokens.spacingHorizontalL,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    [NARROW]: { display: "none" },
  },
  conversation: { display: "flex", flexDirection: "column", minHeight: 0, minWidth: 0 },
  head: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
  },
  problem: { padding: `0 ${tokens.spacingHorizontalL} ${tokens.spacingVerticalXS}` },
  title: { flexGrow: 1, minWidth: 0, margin: 0 },
  events: { "@media (max-width: 480px)": { minWidth: "auto" } },
  label: { "@media (max-width: 480px)": { display: "none" } },
  openSetup: { display: "none", [NARROW]: { display: "inline-flex" } },
});

export default function RealtimePage(): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { client, state, change } = useRealtime();
  const deployments = useDeployments(client, state, change);
  const [showsSetup, setShowsSetup] = useState(false);
  const [showsEvents, setShowsEvents] = useState(false);
  const setup = <SetupPanel client={client} state={state} change={change} deployments={deployments} />;
  return (
    <div className={styles.page}>
      <aside className={styles.setup} aria-label={t("setup")}>
        {setup}
      </aside>
      <section className={styles.conversation}>
        <header className={styles.head}>
          <Subtitle1 as="h1" className={styles.title} truncate wrap={false}>
            {t("title")}
          </Subtitle1>
          <Tooltip content={t("setup")} relationship="label">
            <Button
              className={styles.openSetup}
              appearance="subtle"
              icon={<SettingsRegular />}
              onClick={() => {
                setShowsSetup(true);
              }}
            />
          </Tooltip>
          <Tooltip content={t("clear")} relationship="label">
            <Button
              appearance="subtle"
              icon={<DeleteRegular />}
              disabled={state.entries.length === 0 && state.connection.phase === "off"}
              onClick={() => {
                client.clear();
              }}
            />
          </Tooltip>
          <ToggleButton
            className={styles.events}
            appearance="subtle"
            icon={<PulseRegular />}
            aria-label={t("events")}
            checked={showsEvents}
            onClick={() => {
              setShowsEvents(!showsEvents);
            }}
          >
            <span className={styles.label}>{t("events")}</span>
          </ToggleButton>
        </header>
        {deployments.realtime === null && deployments.error !== null && (
          <div className={styles.problem}>
            <ErrorBar error={deployments.error} onRetry={deployments.reload} />
          </div>
        )}
        <Notices client={client} state={state} />
        <Transcript client={client} state={state} />
        <Dock client={client} state={state} />
        {showsEvents && <Inspector log={client.log} />}
      </section>
      <OverlayDrawer
        open={showsSetup}
        position="end"
        onOpenChange={(_event, { open }) => {
          setShowsSetup(open);
        }}
      >
        <DrawerHeader>
          <DrawerHeaderTitle
            action={
              <Button
                appearance="subtle"
                icon={<DismissRegular />}
                aria-label={t("close")}
                onClick={() => {
                  setShowsSetup(false);
                }}
              />
            }
          >
            {t("setup")}
          </DrawerHeaderTitle>
        </DrawerHeader>
        <DrawerBody>{setup}</DrawerBody>
      </OverlayDrawer>
    </div>
  );
}
