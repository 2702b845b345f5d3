/** Everything about a deployment that can be chosen; for an existing one, all but its model and name. */

import { Field, Input, makeStyles, Select, tokens } from "@fluentui/react-components";
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";

import type { Deployment } from "../../api/resources";
import { DialogForm } from "../../shell/DialogForm";
import { ErrorBar } from "../../shell/ErrorBar";
import { useText } from "../../text/LanguageProvider";
import { CapacityField } from "./CapacityField";
import { poolOf } from "./capacity";
import { draftOf, newDraft, problemsOf, versionsOf, withModel, type Draft, type Surroundings } from "./draft";
import { ModelField } from "./ModelField";
import { ProfileField } from "./ProfileField";
import { refusedField, type FormField } from "./refusal";
import { text } from "./text";

const useStyles = makeStyles({
  pair: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 200px), 1fr))",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalL,
    alignItems: "start",
  },
});

export interface DeploymentFormProps {
  /** Null for a new one. */
  readonly existing: Deployment | null;
  readonly surroundings: Surroundings;
  /** Rejects where the server refuses. */
  readonly onSubmit: (draft: Draft) => Promise<void>;
  readonly onClose: () => void;
}

export function DeploymentForm({ existing, surroundings, onSubmit, onClose }: DeploymentFormProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState<Draft>(() => (existing === null ? newDraft(surroundings) : draftOf(existing)));
  const [isChecked, setIsChecked] = useState(false);
  const [isNameLeft, setIsNameLeft] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const [failures, setFailures] = useState(0);

  useLayoutEffect(() => {
    // The form takes the place of what had the focus while it was loaded.
    form.current?.querySelector<HTMLElement>("input:checked, select")?.focus();
  }, []);
  useEffect(() => {
    if (failures > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [failures]);

  const { models, profiles, pools, taken } = surroundings;
  const problems = problemsOf(draft, existing === null ? taken : []);
  const refused = refusedField(refusal);
  const refusalOf = (field: FormField): string | null =>
    field === refused && refusal instanceof Error ? refusal.message : null;
  const nameIsShownWrong = problems.name !== null && (isChecked || (isNameLeft && problems.name !== "nameMissing"));
  const nameProblem = nameIsShownWrong && problems.name !== null ? t(problems.name) : refusalOf("name");
  const capacityProblem = problems.capacity === null ? refusalOf("capacity") : t(problems.capacity);

  const versions = versionsOf(models, draft.model);
  const skus = versions.find((model) => model.version === draft.version)?.skus ?? [];
  const pool = poolOf(pools, draft.model, draft.sku);
  const already = existing !== null && existing.sku.name === draft.sku ? existing.sku.capacity : 0;

  const change = (changes: Partial<Draft>): void => {
    setDraft((before) => ({ ...before, ...changes }));
    setRefusal(null);
  };
  const submit = async (): Promise<void> => {
    setIsChecked(true);
    setRefusal(null);
    if (problems.name !== null || problems.capacity !== null) {
      setFailures(failures + 1);
      return;
    }
    setIsBusy(true);
    try {
      await onSubmit(draft);
    } catch (error) {
      setIsBusy(false);
      setRefusal(error);
      setFailures(failures + 1);
    }
  };

  return (
    <DialogForm
      title={existing === null ? t("createTitle") : t("changeTitle", { name: existing.name })}
      action={existing === null ? t("create") : t("save")}
      isBusy={isBusy}
      onSubmit={() => void submit()}
      onClose={onClose}
      formRef={form}
    >
      {refused === null && <ErrorBar error={refusal} />}
      {existing === null && (
        <>
          <ModelField
            models={models}
            chosen={draft.model}
            refusal={refusalOf("model")}
            onChoose={(model) => {
              setDraft((before) => withModel(before, model, surroundings));
              setRefusal(null);
            }}
          />
          <Field
            label={t("name")}
            hint={t("nameHint")}
            required
            validationState={nameProblem === null ? "none" : "error"}
            validationMessage={nameProblem}
          >
            <Input
              value={draft.name}
              autoComplete="off"
              spellCheck={false}
              onBlur={() => {
                setIsNameLeft(true);
              }}
              onChange={(_event, { value }) => {
                change({ name: value });
              }}
            />
          </Field>
        </>
      )}
      <div className={styles.pair}>
        <Field label={t("version")}>
          <Select
            value={draft.version}
            onChange={(_event, { value }) => {
              change({ version: value });
            }}
          >
            {versions.map(({ version, isDefaultVersion }) => (
              <option key={version} value={version}>
                {isDefaultVersion ? t("defaultVersion", { version }) : version}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("type")} hint={t("typeHint")}>
          <Select
            value={draft.sku}
            onChange={(_event, { value }) => {
              change({ sku: value });
            }}
          >
            {skus.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </Field>
      </div>
      <ProfileField
        profiles={profiles}
        value={draft.profile}
        refusal={refusalOf("profile")}
        onChange={(profile) => {
          change({ profile });
        }}
      />
      <CapacityField
        value={draft.capacity}
        sku={skus.find(({ name }) => name === draft.sku)}
        pool={pool}
        already={already}
        problem={capacityProblem}
        onChange={(capacity) => {
          change({ capacity });
        }}
      />
    </DialogForm>
  );
}
