/** The catalogue: which models there are, and what each can do. */

import { Badge, Caption1, Field, makeStyles, Radio, RadioGroup, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

import type { CatalogueModel } from "../../api/catalogue";
import { useText } from "../../text/LanguageProvider";
import { defaultVersion } from "./draft";
import { text } from "./text";

const useStyles = makeStyles({
  models: {
    display: "flex",
    flexDirection: "column",
    flexWrap: "nowrap",
    alignItems: "stretch",
    gap: tokens.spacingVerticalS,
    maxHeight: "260px",
    overflowY: "auto",
  },
  model: {
    display: "flex",
    flexShrink: 0,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusLarge,
    ":has(input:checked)": {
      border: `1px solid ${tokens.colorBrandStroke1}`,
      backgroundColor: tokens.colorBrandBackground2,
    },
  },
  words: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS },
  name: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
});

/** The first that a model can do says what it is for. */
const DESCRIPTIONS = [
  ["realtime", "realtimeModel"],
  ["chatCompletion", "chatModel"],
  ["audioTranscription", "transcriptionModel"],
  ["audioSpeech", "speechModel"],
] as const;

export interface ModelFieldProps {
  readonly models: readonly CatalogueModel[];
  readonly chosen: string;
  readonly onChoose: (model: string) => void;
  /** What the server says against the choice. */
  readonly refusal: string | null;
}

export function ModelField({ models, chosen, onChoose, refusal }: ModelFieldProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const names = [...new Set(models.map((model) => model.name))];
  return (
    <Field label={t("model")} validationState={refusal === null ? "none" : "error"} validationMessage={refusal}>
      <RadioGroup
        className={styles.models}
        value={chosen}
        onChange={(_event, { value }) => {
          onChoose(value);
        }}
      >
        {names.map((name) => {
          const model = defaultVersion(models, name);
          const [, description] = DESCRIPTIONS.find(([what]) => model?.capabilities[what] === "true") ?? [null, "otherModel"];
          return (
            <Radio
              key={name}
              value={name}
              className={styles.model}
              label={
                <span className={styles.words}>
                  <span className={styles.name}>
                    <Text weight="semibold">{name}</Text>
                    {model?.lifecycleStatus === "Preview" && (
                      <Badge appearance="tint" color="informative" size="small">
                        {t("preview")}
                      </Badge>
                    )}
                  </span>
                  <Caption1>{t(description)}</Caption1>
                </span>
              }
            />
          );
        })}
      </RadioGroup>
    </Field>
  );
}
