/** Everything around the pages: language, colours, who is signed in. */

import { AriaLiveAnnouncer, createDOMRenderer, RendererProvider } from "@fluentui/react-components";
import { useState, type ReactNode } from "react";

import { ErrorBoundary } from "./shell/ErrorBoundary";
import { OngoingActivities, OngoingContext } from "./shell/ongoing";
import { PageFailure } from "./shell/PageFailure";
import { SessionGate } from "./shell/SessionGate";
import { Shell } from "./shell/Shell";
import { ThemeProvider } from "./shell/ThemeProvider";
import { LanguageProvider } from "./text/LanguageProvider";

/** Fluent adds its styles while it runs; the content security policy lets it by this nonce. */
const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute("content") ?? "";
const renderer = createDOMRenderer(document, { styleElementAttributes: { nonce } });

export function App(): ReactNode {
  const [ongoing] = useState(() => new OngoingActivities());
  return (
    <RendererProvider renderer={renderer}>
      <LanguageProvider>
        <ThemeProvider>
          <AriaLiveAnnouncer>
            <ErrorBoundary fallback={(error, retry) => <PageFailure error={error} onRetry={retry} />}>
              <OngoingContext value={ongoing}>
                <SessionGate>
                  <Shell />
                </SessionGate>
              </OngoingContext>
            </ErrorBoundary>
          </AriaLiveAnnouncer>
        </ThemeProvider>
      </LanguageProvider>
    </RendererProvider>
  );
}
