/** One page: loaded when it is first opened, and again where that failed. What fails in it stays in it. */

import { Spinner } from "@fluentui/react-components";
import { lazy, Suspense, useState, type ComponentType, type LazyExoticComponent, type ReactNode } from "react";

import { useText } from "../text/LanguageProvider";
import { ErrorBoundary } from "./ErrorBoundary";
import { PageNotLoaded } from "./pageFailure";
import { PageFailure } from "./PageFailure";
import type { Page } from "./pages";
import { text } from "./text";

/** React keeps the outcome of loading, a failure as well: another try takes another one of these. */
function loading({ load }: Page): LazyExoticComponent<ComponentType> {
  return lazy(() =>
    load().catch((error: unknown) => {
      throw new PageNotLoaded(error);
    }),
  );
}

export function PageSlot({ page }: { readonly page: Page }): ReactNode {
  const t = useText(text);
  const [Content, setContent] = useState(() => loading(page));
  return (
    <ErrorBoundary
      onRetry={() => {
        setContent(() => loading(page));
      }}
      fallback={(error, retry) => <PageFailure error={error} onRetry={retry} />}
    >
      <Suspense fallback={<Spinner label={t("opening")} />}>
        <Content />
      </Suspense>
    </ErrorBoundary>
  );
}
