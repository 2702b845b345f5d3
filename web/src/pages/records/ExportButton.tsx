/** Downloads the records that the filters show, and tells how much has come. */

import { Button, Tooltip, useAnnounce } from "@fluentui/react-components";
import { ArrowDownloadRegular, DismissRegular } from "@fluentui/react-icons";
import { useRef, useState, type ReactNode } from "react";

import { exportRecords, type RecordFilter } from "../../api/records";
import { useFormats } from "../../shell/formats";
import { useText } from "../../text/LanguageProvider";
import { receive, saveFile } from "./exporting";
import { text } from "./text";

const FILE_NAME = "records.jsonl";

export interface ExportButtonProps {
  readonly filter: RecordFilter;
  /** Is told why it did not work, and null when it begins anew. */
  readonly onError: (error: unknown) => void;
}

export function ExportButton({ filter, onError }: ExportButtonProps): ReactNode {
  const t = useText(text);
  const { bytes } = useFormats();
  const { announce } = useAnnounce();
  const abort = useRef<AbortController | null>(null);
  const [receivedBytes, setReceivedBytes] = useState<number | null>(null);

  const run = async (): Promise<void> => {
    const own = new AbortController();
    abort.current = own;
    setReceivedBytes(0);
    onError(null);
    try {
      const response = await exportRecords(filter, own.signal);
      const file = await receive(response, setReceivedBytes).catch(() => {
        throw new Error(t("exportBroke"));
      });
      saveFile(file, FILE_NAME);
      announce(t("exported"));
    } catch (thrown) {
      if (!own.signal.aborted) onError(thrown);
    } finally {
      setReceivedBytes(null);
    }
  };
  if (receivedBytes !== null) {
    const progress = t("exporting", { size: bytes(receivedBytes) });
    return (
      <Button
        icon={<DismissRegular />}
        aria-label={`${progress}. ${t("cancelExport")}`}
        onClick={() => {
          abort.current?.abort();
        }}
      >
        {progress}
      </Button>
    );
  }
  return (
    <Tooltip content={t("exportHint")} relationship="description">
      <Button icon={<ArrowDownloadRegular />} onClick={() => void run()}>
        {t("export")}
      </Button>
    </Tooltip>
  );
}
