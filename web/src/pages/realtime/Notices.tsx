/** What went wrong, and what to do about it. */

import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  Spinner,
  tokens,
} from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";

import type { MicrophoneFault } from "../../audio/microphone";
import { SecureAddress } from "../../shell/SecureAddress";
import { useText } from "../../text/LanguageProvider";
import type { RealtimeClient } from "./session/RealtimeClient";
import type { Loss, State } from "./session/state";
import { text } from "./text";

const useStyles = makeStyles({
  words: { whiteSpace: "normal", overflowWrap: "anywhere" },
  notices: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, padding: `0 ${tokens.spacingHorizontalL}` },
});

const LOSSES = {
  dropped: "lossDropped",
  unreachable: "lossUnreachable",
  expired: "lossExpired",
  signedOut: "lossSignedOut",
  deploymentGone: "lossDeploymentGone",
  refused: "lossRefused",
} as const satisfies Record<Loss, string>;

const FAULTS = {
  refused: "faultRefused",
  absent: "faultAbsent",
  busy: "faultBusy",
  insecure: "faultInsecure",
  unplugged: "faultUnplugged",
  notLoaded: "faultNotLoaded",
} as const satisfies Record<MicrophoneFault, string>;

export function Notices({ client, state }: { readonly client: RealtimeClient; readonly state: State }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { connection, microphoneFault, notices } = state;
  const canOpenMicrophone = microphoneFault !== null && microphoneFault !== "insecure" && connection.phase === "open";
  return (
    <div className={styles.notices}>
      {connection.phase === "lost" && (
        <MessageBar key={`lost ${connection.loss}`} intent={connection.isRetrying ? "warning" : "error"} layout="multiline">
          <MessageBarBody>
            {t(LOSSES[connection.loss])} {t("kept")}
          </MessageBarBody>
          <MessageBarActions containerAction={connection.isRetrying ? <Spinner size="tiny" label={t("retrying")} /> : null}>
            <Button
              onClick={() => {
                client.reconnect();
              }}
            >
              {t("reconnect")}
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
      {microphoneFault !== null && (
        <MessageBar key="microphone" intent="warning" layout="multiline">
          <MessageBarBody className={styles.words}>
            {t(FAULTS[microphoneFault])} {microphoneFault === "insecure" && <SecureAddress />}
          </MessageBarBody>
          {canOpenMicrophone && (
            <MessageBarActions>
              <Button
                onClick={() => {
                  void client.openMicrophone();
                }}
              >
                {t("useMicrophone")}
              </Button>
            </MessageBarActions>
          )}
        </MessageBar>
      )}
      {notices.map(({ id, kind, detail }) => (
        <MessageBar key={id} intent={kind === "tooShort" || kind === "incomplete" ? "warning" : "error"} layout="multiline">
          <MessageBarBody>{t(kind, { detail })}</MessageBarBody>
          <MessageBarActions
            containerAction={
              <Button
                appearance="transparent"
                icon={<DismissRegular />}
                aria-label={t("dismiss")}
                onClick={() => {
                  client.dispatch({ type: "dismissed", notice: id });
                }}
              />
            }
          />
        </MessageBar>
      ))}
    </div>
  );
}
