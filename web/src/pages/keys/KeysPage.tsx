/** The page of keys and addresses: all that a program needs in order to come in. */

import type { ReactNode } from "react";

import { PageContent, PageHeader } from "../../shell/PageHeader";
import { usePageOpen } from "../../shell/pageOpen";
import { useSession } from "../../shell/sessionContext";
import { useText } from "../../text/LanguageProvider";
import { EndpointPanel } from "./EndpointPanel";
import { EnvironmentPanel } from "./EnvironmentPanel";
import { KeysPanel } from "./KeysPanel";
import { ProgramPanel } from "./ProgramPanel";
import { text } from "./text";

export default function KeysPage(): ReactNode {
  const t = useText(text);
  const isOpen = usePageOpen();
  const { account } = useSession();
  const hasKeys = !account.disable_local_auth;
  return (
    <PageContent>
      <PageHeader title={t("title")} description={t("description", { account: account.name })} />
      <EndpointPanel endpoint={account.endpoint} />
      {/* Gone when the page is left, and with it every secret that was shown. */}
      {isOpen && (
        <>
          <KeysPanel account={account.id} hasKeys={hasKeys} />
          <EnvironmentPanel hasKeys={hasKeys} />
        </>
      )}
      <ProgramPanel account={account} />
    </PageContent>
  );
}
