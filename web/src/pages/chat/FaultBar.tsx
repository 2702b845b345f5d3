/** What went wrong, in plain words, and what to do. */

import {
  Button,
  Link,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import { useEffect, useState, type ReactNode } from "react";

import { SecureAddress } from "../../shell/SecureAddress";
import { useText } from "../../text/LanguageProvider";
import type { Fault } from "./faults";
import { text, type TextKey } from "./text";

const WORDS: Readonly<Record<Fault["kind"], readonly [what: TextKey, advice: TextKey | null]>> = {
  sessionEnded: ["sessionEndedFault", "sessionEndedAdvice"],
  forbidden: ["forbiddenFault", "forbiddenAdvice"],
  deploymentGone: ["deploymentGoneFault", "deploymentGoneAdvice"],
  unreachable: ["unreachableFault", "unreachableAdvice"],
  failed: ["failedFault", "failedAdvice"],
  tooLong: ["tooLongFault", "tooLongAdvice"],
  requestTooLarge: ["requestTooLargeFault", "requestTooLargeAdvice"],
  overLimit: ["overLimitFault", "overLimitAdvice"],
  noSound: ["noSoundFault", "noSoundAdvice"],
  noSpeech: ["noSpeechFault", "noSpeechAdvice"],
  badAudio: ["badAudioFault", "badAudioAdvice"],
  rateLimited: ["rateLimitedFault", "rateLimitedAdvice"],
  refusedRequest: ["refusedFault", null],
  pageFailed: ["pageFailedFault", "pageFailedAdvice"],
  tooLarge: ["tooLargeFault", "tooLargeAdvice"],
  notAudio: ["notAudioFault", "notAudioAdvice"],
  empty: ["emptyFault", "emptyAdvice"],
  refused: ["refusedMicrophoneFault", "refusedMicrophoneAdvice"],
  absent: ["absentFault", "absentAdvice"],
  busy: ["busyFault", "busyAdvice"],
  insecure: ["insecureFault", "insecureAdvice"],
  notLoaded: ["notLoadedFault", "notLoadedAdvice"],
  unplugged: ["unpluggedFault", "unpluggedAdvice"],
  nothingHeard: ["nothingHeardFault", "nothingHeardAdvice"],
  recordingFull: ["recordingFullFault", "recordingFullAdvice"],
};

const useStyles = makeStyles({
  bar: { flexShrink: 0, overflowWrap: "anywhere" },
});

export interface FaultBarProps {
  readonly fault: Fault;
  readonly onDismiss: () => void;
  /** Given where asking again may help. */
  readonly onRetry?: (() => void) | undefined;
  readonly onChooseDeployment?: (() => void) | undefined;
  readonly onAnswerAloud?: (() => void) | undefined;
  readonly onClear?: (() => void) | undefined;
}

export function FaultBar({ fault, onDismiss, onRetry, onChooseDeployment, onAnswerAloud, onClear }: FaultBarProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const [what, advice] = WORDS[fault.kind];
  const values = {
    file: "fileName" in fault ? fault.fileName : "",
    seconds: "seconds" in fault ? fault.seconds : 0,
    reason: "message" in fault ? fault.message : "",
    deployment: "deployment" in fault ? fault.deployment : "",
  };
  return (
    <div role="alert" className={styles.bar}>
      <MessageBar intent={fault.kind === "rateLimited" ? "warning" : "error"} layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t(what, values)}</MessageBarTitle>{" "}
          {advice !== null && t(advice, values)}{" "}
          {fault.kind === "refusedRequest" && fault.message}
          {fault.kind === "insecure" && <SecureAddress />}{" "}
          {(fault.kind === "rateLimited" || fault.kind === "deploymentGone" || fault.kind === "overLimit") && (
            <Link href="#/deployments" inline>
              {t("goToDeployments")}
            </Link>
          )}
        </MessageBarBody>
        <MessageBarActions
          containerAction={
            <Button appearance="transparent" icon={<DismissRegular />} aria-label={t("dismiss")} onClick={onDismiss} />
          }
        >
          {fault.kind === "deploymentGone" && <Button onClick={onChooseDeployment}>{t("chooseDeployment")}</Button>}
          {fault.kind === "noSound" && <Button onClick={onAnswerAloud}>{t("answerAloud")}</Button>}
          {(fault.kind === "tooLong" || fault.kind === "requestTooLarge") && <Button onClick={onClear}>{t("clearAndGoOn")}</Button>}
          {onRetry !== undefined && <RetryButton waitSeconds={values.seconds} onRetry={onRetry} />}
        </MessageBarActions>
      </MessageBar>
    </div>
  );
}

/** Cannot be used before it can help. */
function RetryButton({ waitSeconds, onRetry }: { readonly waitSeconds: number; readonly onRetry: () => void }): ReactNode {
  const t = useText(text);
  const [seconds, setSeconds] = useState(waitSeconds);
  useEffect(() => {
    if (seconds <= 0) return;
    const timer = setTimeout(() => {
      setSeconds(seconds - 1);
    }, 1000);
    return () => {
      clearTimeout(timer);
    };
  }, [seconds]);
  return (
    <Button disabledFocusable={seconds > 0} onClick={onRetry}>
      {seconds > 0 ? t("tryAgainIn", { seconds }) : t("tryAgain")}
    </Button>
  );
}
