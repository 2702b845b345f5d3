/** What was asked and answered: found, read, heard, exported, deleted. */

import { Button, Caption1, makeStyles, mergeClasses, Spinner, Text, tokens, useAnnounce, useRestoreFocusTarget } from "@fluentui/react-components";
import { DeleteRegular, HistoryRegular, SearchInfoRegular } from "@fluentui/react-icons";
import { useCallback, useState, type ReactNode } from "react";

import { deleteRecord, type RecordFilter } from "../../api/records";
import { listDeployments } from "../../api/resources";
import { ConfirmDialog } from "../../shell/ConfirmDialog";
import { EmptyState } from "../../shell/EmptyState";
import { ErrorBar } from "../../shell/ErrorBar";
import { useFormats } from "../../shell/formats";
import { PageContent, PageHeader } from "../../shell/PageHeader";
import { addressOf, useRouteParameter } from "../../shell/route";
import { useSession } from "../../shell/sessionContext";
import { useLoaded } from "../../shell/useLoaded";
import { useText } from "../../text/LanguageProvider";
import { ExportButton } from "./ExportButton";
import { PurgeDialog } from "./PurgeDialog";
import { RecordFilters } from "./RecordFilters";
import { deploymentsOf, EVERY_RECORD, isFiltered } from "./recordList";
import { NARROW, RecordPanel } from "./RecordPanel";
import { linkId, RecordTable } from "./RecordTable";
import { text } from "./text";
import { useRecordList, type RecordList } from "./useRecordList";

const useStyles = makeStyles({
  split: { display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: tokens.spacingHorizontalXXL, alignItems: "start" },
  withPanel: { gridTemplateColumns: "minmax(0, 2fr) minmax(440px, 3fr)", [NARROW]: { gridTemplateColumns: "minmax(0, 1fr)" } },
  behindPanel: { [NARROW]: { display: "none" } },
  list: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, minWidth: 0 },
  head: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXL },
  status: { color: tokens.colorNeutralForeground2, minHeight: tokens.lineHeightBase200 },
  more: { alignSelf: "center" },
});

export default function RecordsPage(): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { announce } = useAnnounce();
  const restoreFocus = useRestoreFocusTarget();
  const [filter, setFilter] = useState<RecordFilter>(EVERY_RECORD);
  const list = useRecordList(filter);
  const openId = useRouteParameter("records", "record");
  const deployments = deploymentsOf(useDeploymentNames(), list.records ?? []);
  const [question, setQuestion] = useState<"delete" | "purge" | null>(null);
  const [exportError, setExportError] = useState<unknown>(null);

  const close = (): void => {
    window.location.hash = addressOf("records");
    if (openId !== null) document.getElementById(linkId(openId))?.focus();
  };
  return (
    <PageContent>
      <div className={mergeClasses(styles.head, openId !== null && styles.behindPanel)}>
        <PageHeader
          title={t("title")}
          description={t("about")}
          actions={
            <>
              <ExportButton filter={filter} onError={setExportError} />
              <Button
                {...restoreFocus}
                icon={<DeleteRegular />}
                onClick={() => {
                  setQuestion("purge");
                }}
              >
                {t("purge")}
              </Button>
            </>
          }
        />
        <ErrorBar error={exportError} />
        <ErrorBar error={list.error} onRetry={list.reload} />
        <RecordFilters filter={filter} deployments={deployments} onFilter={setFilter} />
      </div>
      <div className={mergeClasses(styles.split, openId !== null && styles.withPanel)}>
        <div className={mergeClasses(styles.list, openId !== null && styles.behindPanel)}>
          <ListView list={list} filter={filter} openId={openId} />
        </div>
        {openId !== null && (
          <RecordPanel
            recordId={openId}
            onClose={close}
            onDelete={() => {
              setQuestion("delete");
            }}
          />
        )}
      </div>
      {openId !== null && (
        <ConfirmDialog
          isOpen={question === "delete"}
          title={t("deleteTitle")}
          action={t("deleteConfirm")}
          onClose={() => {
            setQuestion(null);
          }}
          onConfirm={async () => {
            await deleteRecord(openId);
            announce(t("deleted"));
            list.forget(openId);
            window.location.hash = addressOf("records");
          }}
        >
          <Text>{t("deleteBody")}</Text>
        </ConfirmDialog>
      )}
      {question === "purge" && (
        <PurgeDialog
          deployments={deployments}
          onClose={() => {
            setQuestion(null);
          }}
          onPurged={(count) => {
            announce(count === 0 ? t("purgedNone") : count === 1 ? t("purgedOne") : t("purged", { count }));
            list.forget();
          }}
        />
      )}
    </PageContent>
  );
}

/** None where one may not list them: those of the records are enough. */
function useDeploymentNames(): readonly string[] {
  const account = useSession().account.id;
  const load = useCallback(() => listDeployments(account), [account]);
  return useLoaded(load).data?.map(({ name }) => name) ?? [];
}

interface ListViewProps {
  readonly list: RecordList;
  readonly filter: RecordFilter;
  readonly openId: string | null;
}

function ListView({ list, filter, openId }: ListViewProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { number } = useFormats();
  const { records, hasMore } = list;
  if (records === undefined) return list.error === null ? <Spinner label={t("loading")} /> : null;
  const count = number(records.length);
  const counted =
    records.length === 1 && !hasMore ? t("countedOne") : t(hasMore ? "countedMore" : "counted", { count });
  return (
    <>
      <Caption1 role="status" className={styles.status}>
        {list.isLoading && isFiltered(filter) ? t("searching") : counted}
      </Caption1>
      {records.length > 0 ? (
        <RecordTable records={records} openId={openId} />
      ) : (
        <Nothing isFiltered={isFiltered(filter)} hasMore={hasMore} isRecording={list.isRecording} />
      )}
      {hasMore && (
        <Button
          className={styles.more}
          disabledFocusable={list.isLoadingMore}
          icon={list.isLoadingMore ? <Spinner size="tiny" /> : null}
          onClick={list.more}
        >
          {t(filter.search === "" ? "more" : "searchOn")}
        </Button>
      )}
    </>
  );
}

interface NothingProps {
  readonly isFiltered: boolean;
  readonly hasMore: boolean;
  readonly isRecording: boolean;
}

function Nothing({ isFiltered: isSearch, hasMore, isRecording }: NothingProps): ReactNode {
  const t = useText(text);
  if (isSearch) {
    return (
      <EmptyState icon={SearchInfoRegular} title={t("notFoundTitle")}>
        {t(hasMore ? "notFoundSoFar" : "notFoundAbout")}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={HistoryRegular} title={t(isRecording ? "noneTitle" : "offTitle")}>
      {t(isRecording ? "noneAbout" : "offAbout")}
    </EmptyState>
  );
}
