/** Gives a role to a principal, or to somebody of Microsoft Entra by their object id. */

import { Field, Input } from "@fluentui/react-components";
import { useState, type ReactNode } from "react";

import { assignRole, type Principal, type Role, type RoleAssignment } from "../../api/principals";
import { useSession } from "../../shell/sessionContext";
import { useText } from "../../text/LanguageProvider";
import { FormDialog } from "./FormDialog";
import { isGuid, nameOf } from "./principalNames";
import { RoleChoice, USUAL_ROLE } from "./RoleChoice";
import { text } from "./text";

export interface AssignRoleDialogProps {
  readonly roles: readonly Role[];
  /** Null where the object id is to be typed. */
  readonly principal: Principal | null;
  readonly onAssigned: (name: string, assignment: RoleAssignment) => void;
  readonly onClose: () => void;
}

export function AssignRoleDialog({ roles, principal, onAssigned, onClose }: AssignRoleDialogProps): ReactNode {
  const t = useText(text);
  const account = useSession().account.name;
  const [objectId, setObjectId] = useState("");
  const [isIdWrong, setIsIdWrong] = useState(false);
  const [assignment, setAssignment] = useState<RoleAssignment>({ role: USUAL_ROLE, scope: account });

  const id = principal?.id ?? objectId.trim().toLowerCase();
  return (
    <FormDialog
      title={principal === null ? t("assignEntraTitle") : t("assignTitle", { name: nameOf(principal) })}
      action={t("assignConfirm")}
      check={() => {
        setIsIdWrong(!isGuid(id));
        return isGuid(id);
      }}
      onSubmit={async () => {
        await assignRole(id, assignment);
        onAssigned(principal === null ? id : nameOf(principal), assignment);
      }}
      onClose={onClose}
    >
      {principal === null && (
        <Field
          label={t("objectId")}
          required
          hint={t("objectIdHint")}
          validationState={isIdWrong ? "error" : "none"}
          validationMessage={isIdWrong ? t("objectIdWrong") : null}
        >
          <Input
            value={objectId}
            autoComplete="off"
            spellCheck={false}
            onChange={(_event, { value }) => {
              setObjectId(value);
              setIsIdWrong(false);
            }}
          />
        </Field>
      )}
      <RoleChoice
        roles={roles}
        chosen={assignment}
        onChoose={(chosen) => {
          if (chosen !== null) setAssignment(chosen);
        }}
      />
    </FormDialog>
  );
}
