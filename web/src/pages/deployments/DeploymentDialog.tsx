/** Creates a deployment, or changes one, once it is known what there is to choose from. */

import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Spinner,
} from "@fluentui/react-components";
import { useCallback, type ReactNode } from "react";

import { listModels, listUsages, type CatalogueModel, type Usages } from "../../api/catalogue";
import { ApiError } from "../../api/errors";
import { listProfiles, type Profile } from "../../api/profiles";
import { changeDeployment, listDeployments, putDeployment, type Deployment } from "../../api/resources";
import { ErrorBar } from "../../shell/ErrorBar";
import { useLoaded } from "../../shell/useLoaded";
import { useText } from "../../text/LanguageProvider";
import { poolsOf } from "./capacity";
import { DeploymentForm } from "./DeploymentForm";
import { isTaken } from "./deploymentName";
import { settingsOf, type Draft } from "./draft";
import { text } from "./text";

export interface DeploymentDialogProps {
  /** The account's resource id. */
  readonly account: string;
  /** What is changed; null to create one. */
  readonly existing: Deployment | null;
  readonly onDone: (deployment: Deployment) => void;
  readonly onClose: () => void;
}

export function DeploymentDialog(props: DeploymentDialogProps): ReactNode {
  return (
    <Dialog
      open
      onOpenChange={(_event, { type }) => {
        // A click beside it takes away nothing that is filled in.
        if (type !== "backdropClick") props.onClose();
      }}
    >
      <DialogSurface>
        <Content {...props} />
      </DialogSurface>
    </Dialog>
  );
}

interface Choices {
  readonly models: readonly CatalogueModel[];
  readonly profiles: readonly Profile[];
  readonly usages: Usages;
  readonly deployments: readonly Deployment[];
}

async function listChoices(account: string, signal: AbortSignal): Promise<Choices> {
  const [models, profiles, usages, deployments] = await Promise.all([
    listModels(account, signal),
    listProfiles(),
    listUsages(account, signal),
    listDeployments(account, signal),
  ]);
  return { models, profiles, usages, deployments };
}

function Content({ account, existing, onDone, onClose }: DeploymentDialogProps): ReactNode {
  const t = useText(text);
  const load = useCallback((signal: AbortSignal) => listChoices(account, signal), [account]);
  const { data, error, reload } = useLoaded(load);

  const submit = async (draft: Draft): Promise<void> => {
    const settings = settingsOf(draft);
    if (existing !== null) {
      onDone(await changeDeployment(account, existing.name, settings));
      return;
    }
    // To put what is there already would change it, so look once more: somebody else may have made it meanwhile.
    const names = (await listDeployments(account)).map((each) => each.name);
    if (isTaken(draft.name, names)) throw new ApiError(409, "InvalidResourceName", t("nameTaken"));
    onDone(await putDeployment(account, draft.name, settings));
  };

  if (data === undefined) {
    return (
      <DialogBody>
        <DialogTitle>{existing === null ? t("createTitle") : t("changeTitle", { name: existing.name })}</DialogTitle>
        <DialogContent>
          {error === null ? <Spinner label={t("loading")} /> : <ErrorBar error={error} onRetry={reload} />}
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </DialogActions>
      </DialogBody>
    );
  }
  return (
    <DeploymentForm
      existing={existing}
      surroundings={{
        models: data.models,
        profiles: data.profiles,
        pools: poolsOf(data.usages),
        taken: data.deployments.map((each) => each.name),
      }}
      onSubmit={submit}
      onClose={onClose}
    />
  );
}
