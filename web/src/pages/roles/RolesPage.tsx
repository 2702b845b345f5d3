/** Who may use the server without a key: principals and their roles. */

import { Button, Text, useAnnounce, useRestoreFocusTarget } from "@fluentui/react-components";
import { AddRegular, PersonAddRegular } from "@fluentui/react-icons";
import { useState, type ReactNode } from "react";

import {
  ALL_ACCOUNTS,
  deletePrincipal,
  listPrincipals,
  removeRole,
  type NewPrincipal,
  type Principal,
  type RoleAssignment,
} from "../../api/principals";
import { ConfirmDialog } from "../../shell/ConfirmDialog";
import { ErrorBar } from "../../shell/ErrorBar";
import { LoadingSpinner } from "../../shell/LoadingSpinner";
import { PageContent, PageHeader } from "../../shell/PageHeader";
import { useLoaded } from "../../shell/useLoaded";
import { useText } from "../../text/LanguageProvider";
import { AssignRoleDialog } from "./AssignRoleDialog";
import { CreatePrincipalDialog } from "./CreatePrincipalDialog";
import { nameOf } from "./principalNames";
import { PrincipalList } from "./PrincipalList";
import { RoleDefinitions } from "./RoleDefinitions";
import { SecretDialog } from "./SecretDialog";
import { text } from "./text";

/** What is being done, in a dialog. */
type Task =
  | { readonly kind: "create" }
  | { readonly kind: "created"; readonly principal: NewPrincipal; readonly roleProblem: string | null }
  | { readonly kind: "assign"; readonly principal: Principal | null }
  | { readonly kind: "remove"; readonly principal: Principal; readonly assignment: RoleAssignment }
  | { readonly kind: "delete"; readonly principal: Principal };

export default function RolesPage(): ReactNode {
  const t = useText(text);
  const restoreFocus = useRestoreFocusTarget();
  const { data, error, reload } = useLoaded(listPrincipals);
  const [task, setTask] = useState<Task | null>(null);
  return (
    <PageContent>
      <PageHeader
        title={t("title")}
        description={t("about")}
        actions={
          data !== undefined && (
            <>
              <Button
                {...restoreFocus}
                appearance="primary"
                icon={<AddRegular />}
                onClick={() => {
                  setTask({ kind: "create" });
                }}
              >
                {t("newPrincipal")}
              </Button>
              <Button
                {...restoreFocus}
                icon={<PersonAddRegular />}
                onClick={() => {
                  setTask({ kind: "assign", principal: null });
                }}
              >
                {t("assignToEntra")}
              </Button>
            </>
          )
        }
      />
      <ErrorBar error={error} onRetry={reload} />
      {data === undefined && error === null && <LoadingSpinner />}
      {data !== undefined && (
        <>
          <PrincipalList
            principals={data.principals}
            onAssign={(principal) => {
              setTask({ kind: "assign", principal });
            }}
            onRemove={(principal, assignment) => {
              setTask({ kind: "remove", principal, assignment });
            }}
            onDelete={(principal) => {
              setTask({ kind: "delete", principal });
            }}
          />
          <RoleDefinitions roles={data.roles} />
          <TaskDialog task={task} roles={data.roles} onTask={setTask} onChanged={reload} />
        </>
      )}
    </PageContent>
  );
}

interface TaskDialogProps {
  readonly task: Task | null;
  readonly roles: Parameters<typeof RoleDefinitions>[0]["roles"];
  readonly onTask: (task: Task | null) => void;
  readonly onChanged: () => void;
}

function TaskDialog({ task, roles, onTask, onChanged }: TaskDialogProps): ReactNode {
  const t = useText(text);
  const { announce } = useAnnounce();
  const close = (): void => {
    onTask(null);
  };
  switch (task?.kind) {
    case undefined:
      return null;
    case "create":
      return (
        <CreatePrincipalDialog
          roles={roles}
          onClose={close}
          onCreated={(principal, roleError) => {
            const roleProblem = roleError === null ? null : roleError instanceof Error ? roleError.message : String(roleError);
            onTask({ kind: "created", principal, roleProblem });
            onChanged();
          }}
        />
      );
    case "created":
      return <SecretDialog principal={task.principal} roleProblem={task.roleProblem} onClose={close} />;
    case "assign":
      return (
        <AssignRoleDialog
          roles={roles}
          principal={task.principal}
          onClose={close}
          onAssigned={(name, { role }) => {
            announce(t("announceAssigned", { name, role }));
            close();
            onChanged();
          }}
        />
      );
    case "remove": {
      const { principal, assignment } = task;
      const name = nameOf(principal);
      const scope = assignment.scope === ALL_ACCOUNTS ? t("onAll") : t("onAccount", { account: assignment.scope });
      return (
        <ConfirmDialog
          isOpen
          title={t("removeTitle")}
          action={t("removeConfirm")}
          onClose={close}
          onConfirm={async () => {
            await removeRole(principal.id, assignment);
            announce(t("announceRemoved", { name, role: assignment.role }));
            onChanged();
          }}
        >
          <Text>{t("removeBody", { name, role: assignment.role, scope })}</Text>
        </ConfirmDialog>
      );
    }
    case "delete": {
      const name = nameOf(task.principal);
      return (
        <ConfirmDialog
          isOpen
          title={t("deleteTitle", { name })}
          action={t("deleteConfirm")}
          onClose={close}
          onConfirm={async () => {
            await deletePrincipal(task.principal.id);
            announce(t("announceDeleted", { name }));
            onChanged();
          }}
        >
          <Text>{t("deleteBody", { name })}</Text>
        </ConfirmDialog>
      );
    }
  }
}
