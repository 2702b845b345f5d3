/** The catalogue's models: which are on the server's disk, and fetching those that are not. */

import { useAnnounce } from "@fluentui/react-components";
import { useEffect, useRef, useState, type ReactNode } from "react";

import { listModels, pullModel, type ModelFolder } from "../../api/models";
import { ErrorBar } from "../../shell/ErrorBar";
import { LoadingSpinner } from "../../shell/LoadingSpinner";
import { PageContent, PageHeader } from "../../shell/PageHeader";
import { useLoaded } from "../../shell/useLoaded";
import { useText } from "../../text/LanguageProvider";
import { outcomesOf, standingOf } from "./downloads";
import { EngineSection } from "./engines/EngineSection";
import { FolderFacts } from "./FolderFacts";
import { ModelTable } from "./ModelTable";
import { OwnModels } from "./OwnModels";
import { text } from "./text";

const PULLING_MS = 1000;
/** `antiphon models pull` may change the folder, too. */
const IDLE_MS = 15_000;

export default function ModelsPage(): ReactNode {
  const t = useText(text);
  const { announce } = useAnnounce();
  const [isPulling, setIsPulling] = useState(false);
  const { data, error, reload } = useLoaded(listModels, isPulling ? PULLING_MS : IDLE_MS);
  const [pullError, setPullError] = useState<unknown>(null);
  const isPullingNow = data?.models.some((model) => standingOf(model) === "pulling") ?? false;
  if (isPullingNow !== isPulling) setIsPulling(isPullingNow);
  useAnnouncedOutcomes(data);

  const pull = async (name: string): Promise<void> => {
    setPullError(null);
    try {
      await pullModel(name);
      announce(t("announceStarted", { model: name }));
      reload();
    } catch (thrown) {
      setPullError(thrown);
    }
  };
  return (
    <PageContent>
      <PageHeader title={t("title")} description={t("about")} />
      <EngineSection />
      <ErrorBar error={error} onRetry={reload} />
      <ErrorBar error={pullError} />
      {data === undefined && error === null && <LoadingSpinner />}
      {data !== undefined && (
        <>
          <FolderFacts folder={data} />
          <ModelTable folder={data} onPull={(name) => void pull(name)} />
          <OwnModels />
        </>
      )}
    </PageContent>
  );
}

/** Says when a download has ended, to those who do not see its bar go. */
function useAnnouncedOutcomes(folder: ModelFolder | undefined): void {
  const t = useText(text);
  const { announce } = useAnnounce();
  const before = useRef(folder);
  useEffect(() => {
    for (const { name, isDone } of outcomesOf(before.current?.models ?? [], folder?.models ?? [])) {
      announce(t(isDone ? "announceDone" : "announceFailed", { model: name }));
    }
    before.current = folder;
  }, [folder, announce, t]);
}
