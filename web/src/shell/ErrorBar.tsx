/** An error in plain words, and a way to try again. */

import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from "@fluentui/react-components";
import type { ReactNode } from "react";

import { useText } from "../text/LanguageProvider";
import { explain } from "./explanation";
import { furnitureText } from "./furnitureText";

const useStyles = makeStyles({ body: { overflowWrap: "anywhere", whiteSpace: "normal" }, bar: { flexShrink: 0 } });

export interface ErrorBarProps {
  /** What was thrown; nothing is shown for null. */
  readonly error: unknown;
  readonly onRetry?: () => void;
}

export function ErrorBar({ error, onRetry }: ErrorBarProps): ReactNode {
  const styles = useStyles();
  const t = useText(furnitureText);
  if (error === null || error === undefined) return null;
  const { title, advice, role, said } = explain(error);
  return (
    <MessageBar intent={title === "unreachable" ? "warning" : "error"} layout="multiline" className={styles.bar}>
      <MessageBarBody className={styles.body}>
        <MessageBarTitle>{t(title)}</MessageBarTitle>
        {[advice === null ? null : t(advice, role === null ? {} : { role }), said].filter((each) => each !== null).join(" ")}
      </MessageBarBody>
      {onRetry !== undefined && (
        <MessageBarActions>
          <Button onClick={onRetry}>{t("tryAgain")}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
