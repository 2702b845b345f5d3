/** One record, read beside the list, or in its place where there is no room for both. */

import {
  Badge,
  Button,
  makeStyles,
  typographyStyles,
  tokens,
  Tooltip,
  useRestoreFocusTarget,
} from "@fluentui/react-components";
import { ArrowLeftRegular, DeleteRegular, DismissRegular, HistoryRegular, LockClosedRegular } from "@fluentui/react-icons";
import { useCallback, useEffect, useRef, type ReactNode } from "react";

import { ApiError } from "../../api/errors";
import { readRecord, type WholeRecord } from "../../api/records";
import { EmptyState } from "../../shell/EmptyState";
import { ErrorBar } from "../../shell/ErrorBar";
import { LoadingSpinner } from "../../shell/LoadingSpinner";
import { useLoaded } from "../../shell/useLoaded";
import { useText } from "../../text/LanguageProvider";
import { conversationOf } from "./conversation";
import { ConversationView } from "./ConversationView";
import { RawJson } from "./RawJson";
import { RecordFacts } from "./RecordFacts";
import { text } from "./text";

/** Where list and record no longer stand side by side. */
export const NARROW = "@media (max-width: 1000px)";

const useStyles = makeStyles({
  panel: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalL,
    minWidth: 0,
    boxSizing: "border-box",
    padding: tokens.spacingHorizontalL,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow4,
    [NARROW]: { padding: 0, border: "none", boxShadow: "none" },
  },
  top: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  title: { ...typographyStyles.subtitle1, margin: 0, flexGrow: 1, outlineStyle: "none" },
  back: { display: "none", alignSelf: "flex-start", [NARROW]: { display: "inline-flex" } },
  close: { [NARROW]: { display: "none" } },
});

export interface RecordPanelProps {
  readonly recordId: string;
  readonly onDelete: () => void;
  readonly onClose: () => void;
}

export function RecordPanel({ recordId, onDelete, onClose }: RecordPanelProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const restoreFocus = useRestoreFocusTarget();
  const load = useCallback((signal: AbortSignal) => readRecord(recordId, signal), [recordId]);
  const { data, error, reload } = useLoaded(load);
  const record = data?.id === recordId ? data : undefined;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    title.current?.focus();
  }, [recordId]);
  return (
    <section
      className={styles.panel}
      aria-label={t("conversation")}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) onClose();
      }}
    >
      <Button className={styles.back} appearance="subtle" icon={<ArrowLeftRegular />} onClick={onClose}>
        {t("back")}
      </Button>
      <div className={styles.top}>
        <h2 ref={title} tabIndex={-1} className={styles.title}>
          {t("conversation")}
        </h2>
        {record?.is_stored === true && <Badge appearance="tint">{t("isStored")}</Badge>}
        {record !== undefined && (
          <Tooltip content={t("delete")} relationship="label">
            <Button {...restoreFocus} appearance="subtle" icon={<DeleteRegular />} onClick={onDelete} />
          </Tooltip>
        )}
        <Tooltip content={t("close")} relationship="label">
          <Button className={styles.close} appearance="subtle" icon={<DismissRegular />} onClick={onClose} />
        </Tooltip>
      </div>
      {record === undefined && error === null && <LoadingSpinner />}
      <Problem error={error} onRetry={reload} />
      {record !== undefined && <Content record={record} />}
    </section>
  );
}

function Problem({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }): ReactNode {
  const t = useText(text);
  if (error instanceof ApiError && error.status === 404) {
    return (
      <EmptyState icon={HistoryRegular} title={t("goneTitle")}>
        {t("goneAbout")}
      </EmptyState>
    );
  }
  if (error instanceof ApiError && error.code === "record_unreadable") {
    return (
      <EmptyState icon={LockClosedRegular} title={t("brokenTitle")}>
        {t("brokenAbout")}
      </EmptyState>
    );
  }
  return <ErrorBar error={error} onRetry={onRetry} />;
}

function Content({ record }: { readonly record: WholeRecord }): ReactNode {
  const t = useText(text);
  return (
    <>
      <ConversationView recordId={record.id} conversation={conversationOf(record)} />
      <RecordFacts record={record} />
      <div>
        <RawJson title={t("rawPrompt")} value={record.prompt} />
        <RawJson title={t("rawCompletion")} value={record.completion} />
      </div>
    </>
  );
}
