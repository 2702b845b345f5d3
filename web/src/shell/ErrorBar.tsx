/** An error in plain words, and a way to try again. */

import {
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from "@fluentui/react-components";
import { use, type ReactNode } from "react";

import { useText } from "../text/LanguageProvider";
import { explain } from "./explanation";
import { furnitureText } from "./furnitureText";
import { SessionContext } from "./sessionContext";

const useStyles = makeStyles({ body: { overflowWrap: "anywhere", whiteSpace: "normal" }, bar: { flexShrink: 0 } });

export interface ErrorBarProps {
  /** What was thrown; nothing is shown for null. */
  readonly error: unknown;
  readonly onRetry?: () => void;
}

export function ErrorBar({ error, onRetry }: ErrorBarProps): ReactNode {
  const styles = useStyles();
  const t = useText(furnitureText);
  const objectId = use(SessionContext)?.principal.id ?? null;
  if (error === null || error === undefined) return null;
  const { title, advice, role, said } = explain(error);
  const words = [
    advice === null ? null : t(advice, role === null ? {} : { role }),
    role === null || objectId === null ? null : t("yourObjectId", { id: objectId }),
    said,
  ];
  return (
    <MessageBar intent={title === "unreachable" ? "warning" : "error"} layout="multiline" className={styles.bar}>
      <MessageBarBody className={styles.body}>
        <MessageBarTitle>{t(title)}</MessageBarTitle>
        {words.filter((each) => each !== null).join(" ")}
      </MessageBarBody>
      {onRetry !== undefined && (
        <MessageBarActions>
          <Button onClick={onRetry}>{t("tryAgain")}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
