/** Which engines answer for the deployment. */

import { Field, Select } from "@fluentui/react-components";
import type { ReactNode } from "react";

import type { Profile } from "../../api/profiles";
import { useFormats } from "../../shell/formats";
import { useText } from "../../text/LanguageProvider";
import { text } from "./text";

export interface ProfileFieldProps {
  readonly profiles: readonly Profile[];
  readonly value: string;
  readonly onChange: (profile: string) => void;
  /** What the server says against the choice. */
  readonly refusal: string | null;
}

export function ProfileField({ profiles, value, onChange, refusal }: ProfileFieldProps): ReactNode {
  const t = useText(text);
  const { number } = useFormats();
  const chosen = profiles.find((profile) => profile.name === value);
  const names = profiles.map((profile) => profile.name);
  return (
    <Field
      label={t("profile")}
      validationState={refusal === null ? "none" : "error"}
      validationMessage={refusal}
      hint={
        chosen === undefined
          ? t("profileUnknown")
          : t("profileEngines", {
              recognizer: chosen.recognizer,
              model: chosen.language_model,
              synthesizer: chosen.synthesizer,
              n: number(chosen.voices.length),
            })
      }
    >
      <Select
        value={value}
        onChange={(_event, data) => {
          onChange(data.value);
        }}
      >
        {(names.includes(value) ? names : [...names, value]).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
    </Field>
  );
}
