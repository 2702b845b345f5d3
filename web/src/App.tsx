/** Everything around the pages: language, colours, who is signed in. */

import { AriaLiveAnnouncer, createDOMRenderer, RendererProvider } from "@fluentui/react-components";
import type { ReactNode } from "react";

import { SessionGate } from "./shell/SessionGate";
import { Shell } from "./shell/Shell";
import { ThemeProvider } from "./shell/ThemeProvider";
import { LanguageProvider } from "./text/LanguageProvider";

/** Fluent adds its styles while it runs; the content security policy lets it by this nonce. */
const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute("content") ?? "";
const renderer = createDOMRenderer(document, { styleElementAttributes: { nonce } });

export function App(): ReactNode {
  return (
    <RendererProvider renderer={renderer}>
      <LanguageProvider>
        <ThemeProvider>
          <AriaLiveAnnouncer>
            <SessionGate>
              <Shell />
            </SessionGate>
          </AriaLiveAnnouncer>
        </ThemeProvider>
      </LanguageProvider>
    </RendererProvider>
  );
}
