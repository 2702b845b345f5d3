/** The page of deployments: what there is, how it is used, and how much of the quota it takes. */

import {
  Button,
  Caption1,
  Link,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  Spinner,
  Subtitle1,
  Text,
  tokens,
  useRestoreFocusTarget,
} from "@fluentui/react-components";
import { AddRegular, BoxMultipleRegular, DismissRegular } from "@fluentui/react-icons";
import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";

import { listUsages } from "../../api/catalogue";
import { deleteDeployment, listDeployments, type Deployment } from "../../api/resources";
import { listTraffic, type DeploymentTraffic } from "../../api/traffic";
import { ConfirmDialog } from "../../shell/ConfirmDialog";
import { EmptyState } from "../../shell/EmptyState";
import { ErrorBar } from "../../shell/ErrorBar";
import { useFormats } from "../../shell/formats";
import { PageContent, PageHeader } from "../../shell/PageHeader";
import { useSession } from "../../shell/sessionContext";
import { useLoaded } from "../../shell/useLoaded";
import { useText } from "../../text/LanguageProvider";
import { summaryOf } from "./bars";
import { allowance, poolsOf } from "./capacity";
import { DeploymentDialog } from "./DeploymentDialog";
import { DeploymentList } from "./DeploymentList";
import { playgroundAddress } from "./playgrounds";
import { QuotaSection } from "./QuotaSection";
import { text } from "./text";

const TRAFFIC_EVERY_MS = 5_000;
const RESOURCES_EVERY_MS = 15_000;

const useStyles = makeStyles({
  section: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  heading: { display: "flex", alignItems: "baseline", gap: tokens.spacingHorizontalM },
  title: { margin: 0, fontSize: "inherit", outlineStyle: "none" },
  count: { color: tokens.colorNeutralForeground3 },
  notice: { flexShrink: 0 },
});

interface Asked {
  readonly what: "create" | "change" | "delete";
  readonly deployment: Deployment | null;
}

interface Notice {
  readonly what: "createdNotice" | "changedNotice" | "deletedNotice";
  readonly deployment: Deployment;
}

export default function DeploymentsPage(): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { account } = useSession();
  const focusTarget = useRestoreFocusTarget();
  const title = useRef<HTMLHeadingElement>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [notice, setNotice] = useState<Notice | null>(null);

  useEffect(() => {
    // What opened the dialog goes with the row, so the focus cannot return there.
    if (notice?.what === "deletedNotice") title.current?.focus();
  }, [notice]);

  const deployments = useLoaded(
    useCallback((signal: AbortSignal) => listDeployments(account.id, signal), [account.id]),
    RESOURCES_EVERY_MS,
  );
  const usages = useLoaded(
    useCallback((signal: AbortSignal) => listUsages(account.id, signal), [account.id]),
    RESOURCES_EVERY_MS,
  );
  const traffic = useLoaded(listTraffic, TRAFFIC_EVERY_MS);
  const trafficOf = (name: string): DeploymentTraffic | undefined => traffic.data?.find((each) => each.name === name);

  const reload = (): void => {
    deployments.reload();
    usages.reload();
    traffic.reload();
  };
  const close = (): void => {
    setAsked(null);
    deployments.reload(); // What was refused may have been so because somebody else was quicker.
  };
  const done = (what: Notice["what"], deployment: Deployment): void => {
    setAsked(null);
    setNotice({ what, deployment });
    reload();
  };
  const create = (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      {...focusTarget}
      onClick={() => {
        setAsked({ what: "create", deployment: null });
      }}
    >
      {t("create")}
    </Button>
  );

  return (
    <PageContent>
      <PageHeader title={t("title")} description={t("description")} actions={create} />
      <ErrorBar error={deployments.error ?? usages.error ?? traffic.error} onRetry={reload} />
      {notice !== null && (
        <NoticeBar
          notice={notice}
          onDismiss={() => {
            setNotice(null);
          }}
        />
      )}
      <section className={styles.section} aria-label={t("list", { account: account.name })}>
        <div className={styles.heading}>
          <h2 ref={title} tabIndex={-1} className={styles.title}>
            <Subtitle1>{t("list", { account: account.name })}</Subtitle1>
          </h2>
          {deployments.data !== undefined && (
            <Caption1 className={styles.count}>{t("count", { n: deployments.data.length })}</Caption1>
          )}
        </div>
        {deployments.data === undefined && deployments.error === null && <Spinner label={t("loading")} />}
        {deployments.data?.length === 0 && (
          <EmptyState icon={BoxMultipleRegular} title={t("none")}>
            {t("noneAdvice")}
          </EmptyState>
        )}
        {deployments.data !== undefined && deployments.data.length > 0 && (
          <DeploymentList
            label={t("list", { account: account.name })}
            deployments={deployments.data}
            trafficOf={trafficOf}
            onChange={(deployment) => {
              setAsked({ what: "change", deployment });
            }}
            onDelete={(deployment) => {
              setAsked({ what: "delete", deployment });
            }}
          />
        )}
      </section>
      {usages.data !== undefined && <QuotaSection pools={poolsOf(usages.data)} />}
      {asked !== null && asked.what !== "delete" && (
        <DeploymentDialog
          account={account.id}
          existing={asked.deployment}
          onClose={close}
          onDone={(deployment) => {
            done(asked.what === "create" ? "createdNotice" : "changedNotice", deployment);
          }}
        />
      )}
      {asked?.what === "delete" && asked.deployment !== null && (
        <DeleteDialog
          account={account.id}
          deployment={asked.deployment}
          traffic={trafficOf(asked.deployment.name)}
          onClose={close}
          onDone={(deployment) => {
            done("deletedNotice", deployment);
          }}
        />
      )}
    </PageContent>
  );
}

function NoticeBar({ notice, onDismiss }: { readonly notice: Notice; readonly onDismiss: () => void }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { name, properties } = notice.deployment;
  const address = notice.what === "deletedNotice" ? null : playgroundAddress(name, properties.capabilities);
  return (
    <MessageBar key={`${notice.what} ${name}`} intent="success" className={styles.notice}>
      <MessageBarBody>
        {t(notice.what, { name })} {address !== null && <Link href={address}>{t("playgroundShort")}</Link>}
      </MessageBarBody>
      <MessageBarActions
        containerAction={
          <Button appearance="transparent" icon={<DismissRegular />} aria-label={t("dismiss")} onClick={onDismiss} />
        }
      />
    </MessageBar>
  );
}

interface DeleteDialogProps {
  readonly account: string;
  readonly deployment: Deployment;
  readonly traffic: DeploymentTraffic | undefined;
  readonly onDone: (deployment: Deployment) => void;
  readonly onClose: () => void;
}

function DeleteDialog({ account, deployment, traffic, onDone, onClose }: DeleteDialogProps): ReactNode {
  const t = useText(text);
  const { number } = useFormats();
  const { name, sku } = deployment;
  const requests = summaryOf(traffic?.requests ?? []).total;
  return (
    <ConfirmDialog
      isOpen
      title={t("deleteTitle", { name })}
      action={t("deleteAction")}
      onClose={onClose}
      onConfirm={async () => {
        await deleteDeployment(account, name);
        onDone(deployment);
      }}
    >
      <Text>{t("deleteWarning", { name })}</Text>
      {traffic !== undefined && (
        <Text weight={requests > 0 ? "semibold" : "regular"}>
          {requests > 0 ? t("deleteInUse", { n: number(requests) }) : t("deleteUnused")}
        </Text>
      )}
      <Text>{t("deleteQuota", { n: number(allowance(sku.capacity).tokensPerMinute) })}</Text>
    </ConfirmDialog>
  );
}
