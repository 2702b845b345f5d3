/** Makes a service principal, and gives it its first role. */

import { Field, Input, Radio, RadioGroup } from "@fluentui/react-components";
import { useState, type ReactNode } from "react";

import { assignRole, createPrincipal, type NewPrincipal, type Role, type RoleAssignment } from "../../api/principals";
import { useSession } from "../../shell/sessionContext";
import { useText } from "../../text/LanguageProvider";
import { FormDialog } from "./FormDialog";
import { isPrincipalName } from "./principalNames";
import { RoleChoice, USUAL_ROLE } from "./RoleChoice";
import { text } from "./text";

export interface CreatePrincipalDialogProps {
  readonly roles: readonly Role[];
  /** `roleError` is why it could not be given its role; null where it was, or none was wanted. */
  readonly onCreated: (principal: NewPrincipal, roleError: unknown) => void;
  readonly onClose: () => void;
}

export function CreatePrincipalDialog({ roles, onCreated, onClose }: CreatePrincipalDialogProps): ReactNode {
  const t = useText(text);
  const account = useSession().account.name;
  const [name, setName] = useState("");
  const [isNameWrong, setIsNameWrong] = useState(false);
  const [hasSecret, setHasSecret] = useState(true);
  const [role, setRole] = useState<RoleAssignment | null>({ role: USUAL_ROLE, scope: account });

  const create = async (): Promise<void> => {
    const principal = await createPrincipal(name.trim(), hasSecret);
    let roleError: unknown = null;
    try {
      if (role !== null) await assignRole(principal.id, role);
    } catch (thrown) {
      roleError = thrown; // It exists all the same, and its secret is told only now.
    }
    onCreated(principal, roleError);
  };
  return (
    <FormDialog
      title={t("createTitle")}
      action={t("create")}
      check={() => {
        const isRight = isPrincipalName(name.trim());
        setIsNameWrong(!isRight);
        return isRight;
      }}
      onSubmit={create}
      onClose={onClose}
    >
      <Field
        label={t("name")}
        required
        hint={t("nameHint")}
        validationState={isNameWrong ? "error" : "none"}
        validationMessage={isNameWrong ? t("nameWrong") : null}
      >
        <Input
          value={name}
          autoComplete="off"
          spellCheck={false}
          onChange={(_event, { value }) => {
            setName(value);
            setIsNameWrong(false);
          }}
        />
      </Field>
      <Field label={t("signsInWith")}>
        <RadioGroup
          value={hasSecret ? "secret" : "token"}
          onChange={(_event, { value }) => {
            setHasSecret(value === "secret");
          }}
        >
          <Radio value="secret" label={`${t("aSecret")}. ${t("aSecretHint")}`} />
          <Radio value="token" label={`${t("aToken")}. ${t("aTokenHint")}`} />
        </RadioGroup>
      </Field>
      <RoleChoice roles={roles} chosen={role} onChoose={setRole} canBeNone />
    </FormDialog>
  );
}
