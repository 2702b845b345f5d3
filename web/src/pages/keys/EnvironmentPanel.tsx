/** What a shell needs to know, as `antiphon env` prints it. It can have secrets in it: nothing is here before it is asked for. */

import { Button, makeStyles, Spinner, Switch, tokens } from "@fluentui/react-components";
import { EyeOffRegular, EyeRegular } from "@fluentui/react-icons";
import { useCallback, useState, type ReactNode } from "react";

import { environmentLines } from "../../api/environment";
import { CopyButton } from "../../shell/CopyButton";
import { ErrorBar } from "../../shell/ErrorBar";
import { commandAboutServer } from "../../shell/serverCommands";
import { useSession } from "../../shell/sessionContext";
import { useLoaded } from "../../shell/useLoaded";
import { useText } from "../../text/LanguageProvider";
import { CodeBlock } from "./CodeBlock";
import { Panel } from "./Panel";
import { text } from "./text";

const useStyles = makeStyles({
  controls: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
});

export function EnvironmentPanel({ hasKeys }: { readonly hasKeys: boolean }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { server } = useSession();
  const [withKey, setWithKey] = useState(false);
  const [isShown, setIsShown] = useState(false);
  const [error, setError] = useState<unknown>(null);
  return (
    <Panel title={t("environment")} description={t("environmentDescription", { command: commandAboutServer(server, "env") })}>
      <div className={styles.controls}>
        <Switch
          label={t("withKey")}
          checked={withKey}
          disabled={!hasKeys}
          onChange={(_event, { checked }) => {
            setWithKey(checked);
            setError(null);
          }}
        />
        <Button
          icon={isShown ? <EyeOffRegular /> : <EyeRegular />}
          aria-expanded={isShown}
          onClick={() => {
            setIsShown(!isShown);
          }}
        >
          {t(isShown ? "hideLines" : "showLines")}
        </Button>
        <CopyButton
          isWide
          appearance="primary"
          label={t("copyLines")}
          content={async () => {
            const lines = await environmentLines(withKey);
            setError(null);
            return `${lines.join("\n")}\n`;
          }}
          onError={setError}
        />
      </div>
      <ErrorBar error={error} />
      {isShown && <Lines withKey={withKey} />}
    </Panel>
  );
}

function Lines({ withKey }: { readonly withKey: boolean }): ReactNode {
  const t = useText(text);
  const load = useCallback((signal: AbortSignal) => environmentLines(withKey, signal), [withKey]);
  const { data, error, isLoading, reload } = useLoaded(load);
  if (error !== null) return <ErrorBar error={error} onRetry={reload} />;
  if (data === undefined || isLoading) return <Spinner size="tiny" label={t("loading")} />;
  return <CodeBlock label={t("environment")}>{data.join("\n")}</CodeBlock>;
}
