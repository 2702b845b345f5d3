/** The addresses of the account. */

import type { ReactNode } from "react";

import { CopyButton } from "../../shell/CopyButton";
import { useText } from "../../text/LanguageProvider";
import { addressesOf, type Addresses } from "./addresses";
import { Panel, Row } from "./Panel";
import { text } from "./text";

const ROWS: readonly (readonly [address: keyof Addresses, hint: `${keyof Addresses}Hint`])[] = [
  ["azure", "azureHint"],
  ["azureV1", "azureV1Hint"],
  ["openai", "openaiHint"],
  ["realtime", "realtimeHint"],
];

export function EndpointPanel({ endpoint }: { readonly endpoint: string }): ReactNode {
  const t = useText(text);
  const addresses = addressesOf(endpoint);
  return (
    <Panel title={t("endpoint")} description={t("endpointDescription")}>
      {ROWS.map(([address, hint]) => (
        <Row
          key={address}
          name={t(address)}
          hint={t(hint)}
          value={addresses[address]}
          actions={<CopyButton label={t("copyThis", { name: t(address) })} content={addresses[address]} />}
        />
      ))}
    </Panel>
  );
}
