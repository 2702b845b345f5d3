/** The two keys of the account: hidden, until they are asked for. */

import { Button, MessageBar, MessageBarBody, Text, useAnnounce, useRestoreFocusTarget } from "@fluentui/react-components";
import { ArrowSyncRegular, EyeOffRegular, EyeRegular } from "@fluentui/react-icons";
import { useState, type ReactNode } from "react";

import { listKeys, regenerateKey, type KeyName, type Keys } from "../../api/resources";
import { ConfirmDialog } from "../../shell/ConfirmDialog";
import { CopyButton } from "../../shell/CopyButton";
import { ErrorBar } from "../../shell/ErrorBar";
import { useText } from "../../text/LanguageProvider";
import { Panel, Row } from "./Panel";
import { text } from "./text";

const NUMBERS = { Key1: 1, Key2: 2 } as const;
const DOTS = "•".repeat(24);

const keyOf = (keys: Keys, name: KeyName): string => (name === "Key1" ? keys.key1 : keys.key2);

export interface KeysPanelProps {
  /** The account's resource id. */
  readonly account: string;
  /** Whether keys open the account at all. */
  readonly hasKeys: boolean;
}

export function KeysPanel({ account, hasKeys }: KeysPanelProps): ReactNode {
  const t = useText(text);
  const [error, setError] = useState<unknown>(null);
  const [renewed, setRenewed] = useState<KeyName | null>(null);
  if (!hasKeys) {
    return (
      <Panel title={t("keys")} description={t("keysDescription")}>
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>{t("keysDisabled")}</MessageBarBody>
        </MessageBar>
      </Panel>
    );
  }
  return (
    <Panel title={t("keys")} description={t("keysDescription")}>
      <ErrorBar error={error} />
      {renewed !== null && (
        <MessageBar key={renewed} intent="success" layout="multiline">
          <MessageBarBody>{t("renewed", { n: NUMBERS[renewed], other: 3 - NUMBERS[renewed] })}</MessageBarBody>
        </MessageBar>
      )}
      {(["Key1", "Key2"] as const).map((name) => (
        <KeyRow key={name} account={account} name={name} onError={setError} onRenewed={setRenewed} />
      ))}
    </Panel>
  );
}

interface KeyRowProps {
  readonly account: string;
  readonly name: KeyName;
  readonly onError: (error: unknown) => void;
  readonly onRenewed: (name: KeyName) => void;
}

function KeyRow({ account, name, onError, onRenewed }: KeyRowProps): ReactNode {
  const t = useText(text);
  const { announce } = useAnnounce();
  const focusTarget = useRestoreFocusTarget();
  const [shown, setShown] = useState<string | null>(null);
  const [isAsked, setIsAsked] = useState(false);
  const n = NUMBERS[name];

  const show = async (): Promise<void> => {
    try {
      setShown(keyOf(await listKeys(account), name));
      onError(null);
      announce(t("keyIsShown", { n }));
    } catch (error) {
      onError(error);
    }
  };
  const hide = (): void => {
    setShown(null);
    announce(t("keyIsHidden", { n }));
  };
  return (
    <>
      <Row
        name={t("key", { n })}
        value={shown ?? <span aria-label={t("keyIsHidden", { n })} role="img">{DOTS}</span>}
        actions={
          <>
            <Button
              appearance="subtle"
              icon={shown === null ? <EyeRegular /> : <EyeOffRegular />}
              aria-label={t(shown === null ? "showKey" : "hideKey", { n })}
              onClick={() => {
                if (shown === null) void show();
                else hide();
              }}
            >
              {t(shown === null ? "show" : "hide")}
            </Button>
            <CopyButton
              label={t("copyThis", { name: t("key", { n }) })}
              content={async () => {
                const key = keyOf(await listKeys(account), name);
                onError(null);
                return key;
              }}
              onError={onError}
            />
            <Button
              appearance="subtle"
              icon={<ArrowSyncRegular />}
              aria-label={t("regenerateKey", { n })}
              {...focusTarget}
              onClick={() => {
                setIsAsked(true);
              }}
            >
              {t("regenerate")}
            </Button>
          </>
        }
      />
      <ConfirmDialog
        isOpen={isAsked}
        title={t("regenerateTitle", { n })}
        action={t("regenerateKey", { n })}
        onClose={() => {
          setIsAsked(false);
        }}
        onConfirm={async () => {
          const keys = await regenerateKey(account, name);
          if (shown !== null) setShown(keyOf(keys, name));
          onError(null);
          onRenewed(name);
        }}
      >
        <Text>{t("regenerateWarning", { n })}</Text>
        <Text>{t("regenerateAdvice", { n, other: 3 - n })}</Text>
      </ConfirmDialog>
    </>
  );
}
