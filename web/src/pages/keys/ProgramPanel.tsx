/** How a program connects, in a few lines. */

import { Link, makeStyles, Tab, TabList, tokens } from "@fluentui/react-components";
import { useCallback, useState, type ReactNode } from "react";

import { listDeployments, type Deployment } from "../../api/resources";
import type { Session } from "../../api/session";
import { CopyButton } from "../../shell/CopyButton";
import { ErrorBar } from "../../shell/ErrorBar";
import { addressOf } from "../../shell/route";
import { useLoaded } from "../../shell/useLoaded";
import { useText } from "../../text/LanguageProvider";
import { addressesOf } from "./addresses";
import { CodeBlock } from "./CodeBlock";
import { Panel } from "./Panel";
import { PROGRAMMING_LANGUAGES, programOf, type ProgrammingLanguage } from "./programs";
import { text } from "./text";

/** The one that a new account begins with. */
const USUAL_DEPLOYMENT = "gpt-4o-audio-preview";

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", justifyContent: "space-between" },
  link: { marginTop: tokens.spacingVerticalXS },
});

const isLanguage = (value: unknown): value is ProgrammingLanguage =>
  typeof value === "string" && Object.hasOwn(PROGRAMMING_LANGUAGES, value);

/** One that can chat; the usual one where it is there. */
function exampleOf(deployments: readonly Deployment[]): string {
  const names = deployments
    .filter(({ properties }) => properties.capabilities?.["chatCompletion"] === "true")
    .map(({ name }) => name);
  return names.find((name) => name === USUAL_DEPLOYMENT) ?? names[0] ?? USUAL_DEPLOYMENT;
}

export function ProgramPanel({ account }: { readonly account: Session["account"] }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const [language, setLanguage] = useState<ProgrammingLanguage>("python");
  const { data: deployments, error, reload } = useLoaded(
    useCallback((signal: AbortSignal) => listDeployments(account.id, signal), [account.id]),
  );
  const { azure, azureV1 } = addressesOf(account.endpoint);
  const deployment = exampleOf(deployments ?? []);
  const program = programOf(language, {
    endpoint: azure,
    baseUrl: azureV1,
    deployment,
    hasKeys: !account.disable_local_auth,
  });
  return (
    <Panel title={t("program")} description={t("programDescription")}>
      {/* Until it is known which deployments there are, the program names the usual one. */}
      <ErrorBar error={error} onRetry={reload} />
      <div className={styles.bar}>
        <TabList
          selectedValue={language}
          aria-label={t("programmingLanguage")}
          onTabSelect={(_event, { value }) => {
            if (isLanguage(value)) setLanguage(value);
          }}
        >
          {Object.entries(PROGRAMMING_LANGUAGES).map(([value, name]) => (
            <Tab key={value} value={value}>
              {name}
            </Tab>
          ))}
        </TabList>
        <CopyButton label={t("copyProgram")} content={program} />
      </div>
      <CodeBlock label={t("programIn", { language: PROGRAMMING_LANGUAGES[language] })}>{program.trimEnd()}</CodeBlock>
      <Link href={addressOf("chat", { deployment })} className={styles.link}>
        {t("viewCode")}
      </Link>
    </Panel>
  );
}
