/** Writing a function down. */

import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  Textarea,
  tokens,
} from "@fluentui/react-components";
import { useState, type ReactNode } from "react";

import { useText } from "../../text/LanguageProvider";
import { faultsOf, type Tool, type ToolFault } from "./session/tools";
import { text } from "./text";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  code: { fontFamily: tokens.fontFamilyMonospace },
});

const FAULTS = { name: "faultName", taken: "faultTaken", json: "faultJson", schema: "faultSchema" } as const;

export interface ToolDialogProps {
  readonly tool: Tool;
  readonly others: readonly Tool[];
  readonly onSave: (tool: Tool) => void;
  readonly onCancel: () => void;
}

export function ToolDialog({ tool, others, onSave, onCancel }: ToolDialogProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const [draft, setDraft] = useState(tool);
  const faults = faultsOf(draft, others);
  const told = (...concerned: readonly ToolFault[]): { validationMessage?: string } => {
    const fault = faults.find((each) => concerned.includes(each));
    return fault === undefined ? {} : { validationMessage: t(FAULTS[fault]) };
  };
  const write = (changed: Partial<Tool>): void => {
    setDraft({ ...draft, ...changed });
  };
  return (
    <Dialog
      open
      onOpenChange={() => {
        onCancel();
      }}
    >
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{tool.name === "" ? t("newTool") : t("editTool", { name: tool.name })}</DialogTitle>
          <DialogContent className={styles.content}>
            <Field label={t("toolName")} required {...(draft.name === "" ? {} : told("name", "taken"))}>
              <Input
                className={styles.code}
                value={draft.name}
                onChange={(_event, { value }) => {
                  write({ name: value });
                }}
              />
            </Field>
            <Field label={t("toolDescription")} hint={t("toolDescriptionHint")}>
              <Textarea
                value={draft.description}
                onChange={(_event, { value }) => {
                  write({ description: value });
                }}
              />
            </Field>
            <Field label={t("toolParameters")} required {...told("json", "schema")}>
              <Textarea
                className={styles.code}
                value={draft.parameters}
                rows={8}
                resize="vertical"
                spellCheck={false}
                onChange={(_event, { value }) => {
                  write({ parameters: value });
                }}
              />
            </Field>
            <Field label={t("toolAnswer")} hint={t("toolAnswerHint")}>
              <Textarea
                className={styles.code}
                value={draft.answer}
                spellCheck={false}
                onChange={(_event, { value }) => {
                  write({ answer: value });
                }}
              />
            </Field>
          </DialogContent>
          <DialogActions>
            <Button onClick={onCancel}>{t("cancel")}</Button>
            <Button
              appearance="primary"
              disabled={faults.length > 0}
              onClick={() => {
                onSave(draft);
              }}
            >
              {t("save")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
