/** A principal that was just made: its secret, which is told this once, and how programs sign in with it. */

import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Subtitle2,
  Text,
  tokens,
} from "@fluentui/react-components";
import type { ReactNode } from "react";

import { serverRoot } from "../../api/http";
import type { NewPrincipal } from "../../api/principals";
import { CopyableLines } from "../../shell/CopyableLines";
import { CopyButton } from "../../shell/CopyButton";
import { commandAboutFolder, commandAboutServer } from "../../shell/serverCommands";
import { useSession } from "../../shell/sessionContext";
import { useText } from "../../text/LanguageProvider";
import { authorityHost, environmentOf, TOKEN_FILE } from "./environment";
import { nameOf } from "./principalNames";
import { text } from "./text";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  secret: { fontFamily: tokens.fontFamilyMonospace },
  heading: { margin: 0 },
  hint: { color: tokens.colorNeutralForeground2 },
  bar: { flexShrink: 0 },
  words: { whiteSpace: "normal" },
});

export interface SecretDialogProps {
  readonly principal: NewPrincipal;
  /** Why it has not got its role; null where it has. */
  readonly roleProblem: string | null;
  readonly onClose: () => void;
}

export function SecretDialog({ principal, roleProblem, onClose }: SecretDialogProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { server } = useSession();
  const name = nameOf(principal);
  const secret = principal.secret ?? null;
  const environment = environmentOf({ clientId: principal.client_id ?? "", secret }, authorityHost(serverRoot, server));
  const makeToken = `${commandAboutFolder(server, `principals federated-token ${name} --hours 720`)} > ${TOKEN_FILE}`;
  return (
    // Only its button closes it: a secret that is gone is gone.
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("createdTitle", { name })}</DialogTitle>
          <DialogContent className={styles.content}>
            {roleProblem !== null && (
              <MessageBar intent="error" layout="multiline" className={styles.bar}>
                <MessageBarBody className={styles.words}>{t("roleFailed", { name, reason: roleProblem })}</MessageBarBody>
              </MessageBar>
            )}
            {secret !== null ? (
              <>
                <MessageBar intent="warning" layout="multiline" className={styles.bar}>
                  <MessageBarBody className={styles.words}>
                    <MessageBarTitle>{t("secretWarningTitle")}</MessageBarTitle>
                    {t("secretWarning")}
                  </MessageBarBody>
                </MessageBar>
                <Field label={t("secret")}>
                  <Input
                    readOnly
                    value={secret}
                    input={{ className: styles.secret }}
                    contentAfter={<CopyButton size="small" label={t("copySecret")} content={secret} />}
                  />
                </Field>
              </>
            ) : (
              <>
                <Text>{t("withoutSecretNext")}</Text>
                <CopyableLines content={makeToken} copyLabel={t("aToken")} />
              </>
            )}
            <Subtitle2 as="h3" className={styles.heading}>
              {t("environment")}
            </Subtitle2>
            <CopyableLines content={environment} copyLabel={t("copyEnvironment")} />
            <Text size={200} className={styles.hint}>
              {t(server.tls_port === null ? "environmentHintWithoutTls" : "environmentHint", {
                command: commandAboutServer(server, "env --ca"),
              })}
            </Text>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>
              {t("done")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
