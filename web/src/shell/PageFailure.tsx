/** In the place of a page that could not be loaded, or that failed: why, and what to do. */

import { Button, Spinner } from "@fluentui/react-components";
import { ArrowClockwiseRegular, ArrowSyncRegular, ErrorCircleRegular, PlugDisconnectedRegular } from "@fluentui/react-icons";
import { useEffect, useState, type ReactNode } from "react";

import { useText } from "../text/LanguageProvider";
import { EmptyState } from "./EmptyState";
import { failureText } from "./failureText";
import { entryOf, faultOf, type PageFault } from "./pageFailure";

export interface PageFailureProps {
  readonly error: unknown;
  readonly onRetry: () => void;
}

const ICONS = { unreachable: PlugDisconnectedRegular, upgraded: ArrowSyncRegular, failed: ErrorCircleRegular } as const;

export function PageFailure({ error, onRetry }: PageFailureProps): ReactNode {
  const t = useText(failureText);
  const [fault, setFault] = useState<PageFault | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void faultOf(error, entryOf(document.documentElement.outerHTML)).then((found) => {
      if (isCurrent) setFault(found);
    });
    return () => {
      isCurrent = false;
    };
  }, [error]);
  if (fault === null) return <Spinner label={t("looking")} />;
  const reason = error instanceof Error ? error.message : String(error);
  return (
    <div role="alert">
      <EmptyState
        icon={ICONS[fault]}
        title={t(`${fault}Title`)}
        action={
          fault === "upgraded" ? (
            <Button
              appearance="primary"
              icon={<ArrowSyncRegular />}
              onClick={() => {
                window.location.reload();
              }}
            >
              {t("reload")}
            </Button>
          ) : (
            <Button appearance="primary" icon={<ArrowClockwiseRegular />} onClick={onRetry}>
              {t("retry")}
            </Button>
          )
        }
      >
        {t(`${fault}Advice`, { reason })}
      </EmptyState>
    </div>
  );
}
