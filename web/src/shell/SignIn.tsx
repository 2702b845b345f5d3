/** How to sign in: told over whatever is open. */

import {
  Button,
  Dialog,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useEffect, useState, type ReactNode } from "react";

import { serverUrl } from "../api/http";
import { signInOptions } from "../api/session";
import { useText } from "../text/LanguageProvider";
import { Logo } from "./Logo";
import { OngoingBar } from "./OngoingBar";
import type { SignInReason } from "./signInReason";
import { text } from "./text";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, alignItems: "flex-start" },
  title: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalM },
  command: {
    fontFamily: tokens.fontFamilyMonospace,
    overflowWrap: "anywhere",
    backgroundColor: tokens.colorNeutralBackground3,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
  },
});

const TITLES = {
  new: "signInTitle",
  expired: "expiredTitle",
  badCode: "badCodeTitle",
  unreachable: "unreachableTitle",
  entraRefused: "entraTitle",
  entraUnreachable: "entraTitle",
  entraExpired: "entraTitle",
} as const;
const ADVICE = {
  new: "signInAdvice",
  expired: "expiredAdvice",
  badCode: "badCodeAdvice",
  unreachable: "unreachableAdvice",
  entraRefused: "entraRefusedAdvice",
  entraUnreachable: "entraUnreachableAdvice",
  entraExpired: "entraExpiredAdvice",
} as const;

/** Where the advice leads to a command. */
const ADVICE_ENDS_IN_COMMAND: ReadonlySet<SignInReason> = new Set(["new", "expired", "badCode"]);

export interface SignInProps {
  readonly reason: SignInReason;
  readonly onRetry: () => void;
}

export function SignIn({ reason, onRetry }: SignInProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const [hasEntra, setHasEntra] = useState(false);
  const [command, setCommand] = useState("antiphon portal");
  useEffect(() => {
    signInOptions().then(
      (options) => {
        setHasEntra(options.entra);
        setCommand(options.command);
      },
      () => undefined, // The server does not answer: that is told already.
    );
  }, []);
  return (
    <Dialog open modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>
            <span className={styles.title}>
              <Logo /> {t(TITLES[reason])}
            </span>
          </DialogTitle>
          <DialogContent className={styles.content}>
            {/* A conversation goes on behind this. */}
            <OngoingBar open="" canGoBack={false} />
            <Text>{t(ADVICE[reason])}</Text>
            {ADVICE_ENDS_IN_COMMAND.has(reason) && <code className={styles.command}>{command}</code>}
            {hasEntra && (
              // Where a page is open behind this, it stays: its conversation would be lost.
              <Button
                as="a"
                href={serverUrl("portal/api/entra").href}
                target={reason === "expired" ? "_blank" : "_self"}
                appearance="primary"
              >
                {t("withEntra")}
              </Button>
            )}
            <Button onClick={onRetry} appearance={hasEntra ? "secondary" : "primary"}>
              {t(reason === "unreachable" ? "tryAgain" : "signedInElsewhere")}
            </Button>
          </DialogContent>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
