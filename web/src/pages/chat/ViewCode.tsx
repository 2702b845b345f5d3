/** The request as a program, to copy. */

import {
  Button,
  Caption1,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  Field,
  Link,
  makeStyles,
  Radio,
  RadioGroup,
  Tab,
  TabList,
  Text,
  tokens,
} from "@fluentui/react-components";
import { CheckmarkRegular, CopyRegular } from "@fluentui/react-icons";
import { useState, type ReactNode } from "react";

import { serverRoot } from "../../api/http";
import type { Session } from "../../api/session";
import { copyText } from "../../shell/clipboard";
import { commandAboutServer } from "../../shell/serverCommands";
import { useSession } from "../../shell/sessionContext";
import { useText } from "../../text/LanguageProvider";
import type { Credential } from "./code/program";
import { filesOf, LANGUAGES, programFor, type ProgramLanguage } from "./code/programs";
import type { Message } from "./conversation";
import { saveFile } from "./saveFile";
import type { Settings } from "./settings";
import { text } from "./text";

const useStyles = makeStyles({
  surface: { maxWidth: "min(860px, calc(100vw - 16px))" },
  content: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, minWidth: 0 },
  languages: { overflowX: "auto", flexShrink: 0 },
  block: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS, minWidth: 0 },
  heading: { display: "flex", alignItems: "center", justifyContent: "space-between" },
  code: {
    margin: 0,
    padding: tokens.spacingHorizontalM,
    maxHeight: "44vh",
    overflow: "auto",
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    tabSize: 4,
  },
  files: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM, alignItems: "baseline" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** What has to be there before the program runs. */
function preparation(session: Session, language: ProgramLanguage, credential: Credential): string {
  const packages = {
    python: `pip install openai${credential === "keyless" ? " azure-identity" : ""}\n`,
    javascript: `npm install openai${credential === "keyless" ? " @azure/identity" : ""}\n`,
    typescript: `npm install openai${credential === "keyless" ? " @azure/identity" : ""} tsx @types/node\n`,
    curl: "",
  };
  return packages[language] + signingIn(session, credential);
}

/** The command is for the server's own machine, and has the key of its first account alone. */
function signingIn({ account, server }: Session, credential: Credential): string {
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(serverRoot.hostname.replace(/^.*\.localhost$/, "localhost"));
  if (credential === "keyless") {
    return isHere ? `eval "$(${commandAboutServer(server, "env")})"` : "az login";
  }
  return isHere && account.name === "local"
    ? `eval "$(${commandAboutServer(server, "env --key")})"`
    : "export AZURE_OPENAI_API_KEY=…";
}

interface ViewCodeProps {
  readonly settings: Settings;
  readonly messages: readonly Message[];
  readonly onClose: () => void;
}

export function ViewCode({ settings, messages, onClose }: ViewCodeProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const session = useSession();
  const { account } = session;
  const [language, setLanguage] = useState<ProgramLanguage>("python");
  const [credential, setCredential] = useState<Credential>(account.disable_local_auth ? "keyless" : "key");
  const [nowSeconds] = useState(() => Date.now() / 1000);
  const program = programFor(language, { settings, messages, nowSeconds, endpoint: account.endpoint, credential });
  const files = [...filesOf(messages)];
  return (
    <Dialog
      open
      onOpenChange={() => {
        onClose();
      }}
    >
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t("codeTitle")}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text className={styles.quiet}>{t("codeAdvice")}</Text>
            <TabList
              className={styles.languages}
              aria-label={t("language")}
              selectedValue={language}
              onTabSelect={(_event, { value }) => {
                setLanguage(value as ProgramLanguage);
              }}
            >
              {Object.entries(LANGUAGES).map(([each, name]) => (
                <Tab key={each} value={each}>
                  {name}
                </Tab>
              ))}
            </TabList>
            {!account.disable_local_auth && (
              <Field label={t("authentication")}>
                <RadioGroup
                  layout="horizontal"
                  value={credential}
                  onChange={(_event, { value }) => {
                    setCredential(value as Credential);
                  }}
                >
                  <Radio value="key" label={t("withKey")} />
                  <Radio value="keyless" label={t("keyless")} />
                </RadioGroup>
              </Field>
            )}
            <CodeBlock label={t("before")} copyLabel={t("copyCommands")} code={preparation(session, language, credential)} />
            <CodeBlock label={t("code")} copyLabel={t("copyCode")} code={program} />
            {files.length > 0 && (
              <div className={styles.files}>
                <Caption1 className={styles.quiet}>{t("codeFiles")}</Caption1>
                {files.map(([clip, file]) => (
                  <Link
                    key={clip.id}
                    as="button"
                    onClick={() => {
                      saveFile(new Blob([clip.bytes]), file);
                    }}
                  >
                    {t("saveFile", { file })}
                  </Link>
                ))}
              </div>
            )}
            {program.includes("audio_") && <Caption1 className={styles.quiet}>{t("codeExpiry")}</Caption1>}
          </DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button>{t("close")}</Button>
            </DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

interface CodeBlockProps {
  readonly label: string;
  readonly copyLabel: string;
  readonly code: string;
}

function CodeBlock({ label, copyLabel, code }: CodeBlockProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const [copied, setCopied] = useState<string | null>(null);
  const isCopied = copied === code;
  const copy = async (): Promise<void> => {
    await copyText(code);
    setCopied(code);
  };
  return (
    <div className={styles.block}>
      <div className={styles.heading}>
        <Caption1 className={styles.quiet}>{label}</Caption1>
        <Button
          size="small"
          appearance="subtle"
          icon={isCopied ? <CheckmarkRegular /> : <CopyRegular />}
          aria-label={isCopied ? t("copied") : copyLabel}
          onClick={() => void copy()}
        >
          {isCopied ? t("copied") : t("copyShort")}
        </Button>
      </div>
      {/* Scrolls, so the keyboard has to reach it. */}
      <pre className={styles.code} tabIndex={0} role="region" aria-label={label}>
        {code}
      </pre>
    </div>
  );
}
