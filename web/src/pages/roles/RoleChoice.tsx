/** The fields by which a role is chosen: which, and on what. */

import { Dropdown, Field, Option, Radio, RadioGroup } from "@fluentui/react-components";
import type { ReactNode } from "react";

import { ALL_ACCOUNTS, type Role, type RoleAssignment } from "../../api/principals";
import { useSession } from "../../shell/sessionContext";
import { useText } from "../../text/LanguageProvider";
import { useRoleWords } from "./roleWords";
import { text } from "./text";

/** What most programs need, and no more. */
export const USUAL_ROLE = "Cognitive Services OpenAI User";
/** An option's value cannot be empty. */
const NONE = "none";

export interface RoleChoiceProps {
  readonly roles: readonly Role[];
  /** Null where no role is wanted yet. */
  readonly chosen: RoleAssignment | null;
  readonly onChoose: (assignment: RoleAssignment | null) => void;
  readonly canBeNone?: boolean;
}

export function RoleChoice({ roles, chosen, onChoose, canBeNone = false }: RoleChoiceProps): ReactNode {
  const t = useText(text);
  const wordsOf = useRoleWords();
  const account = useSession().account.name;
  const role = roles.find(({ name }) => name === chosen?.role);
  return (
    <>
      <Field label={t("firstRole")} hint={role === undefined ? null : wordsOf(role)}>
        <Dropdown
          value={chosen?.role ?? t("noRoleYet")}
          selectedOptions={[chosen?.role ?? NONE]}
          onOptionSelect={(_event, { optionValue = NONE }) => {
            onChoose(optionValue === NONE ? null : { role: optionValue, scope: chosen?.scope ?? account });
          }}
        >
          {roles.map(({ name }) => (
            <Option key={name} value={name}>
              {name}
            </Option>
          ))}
          {canBeNone && <Option value={NONE}>{t("noRoleYet")}</Option>}
        </Dropdown>
      </Field>
      {chosen !== null && (
        <Field label={t("scope")}>
          <RadioGroup
            value={chosen.scope}
            onChange={(_event, { value }) => {
              onChoose({ ...chosen, scope: value });
            }}
          >
            <Radio value={account} label={t("thisAccount", { account })} />
            <Radio value={ALL_ACCOUNTS} label={t("allAccounts")} />
          </RadioGroup>
        </Field>
      )}
    </>
  );
}
