/**
 * Asks before something is done that cannot be undone. What opens it needs Fluent's `useRestoreFocusTarget()`, so that
 * the focus comes back to it.
 */

import { Dialog, DialogSurface, Field, Input } from "@fluentui/react-components";
import { useState, type ReactNode } from "react";

import { useText } from "../text/LanguageProvider";
import { DialogForm } from "./DialogForm";
import { ErrorBar } from "./ErrorBar";
import { furnitureText } from "./furnitureText";

export interface ConfirmDialogProps {
  readonly isOpen: boolean;
  readonly title: string;
  /** What will happen, and what stops working. */
  readonly children: ReactNode;
  /** The button: "Delete deployment". */
  readonly action: string;
  /** Has to be typed first. */
  readonly nameToType?: string;
  /** The dialog closes when it is done; where it rejects, it stays, and says why. */
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

export function ConfirmDialog({ isOpen, onClose, ...question }: ConfirmDialogProps): ReactNode {
  return (
    <Dialog
      open={isOpen}
      modalType="alert"
      onOpenChange={(_event, { open }) => {
        if (!open) onClose();
      }}
    >
      <DialogSurface>
        <Question onClose={onClose} {...question} />
      </DialogSurface>
    </Dialog>
  );
}

/** Apart, so that each time it opens it begins anew. */
function Question({
  title,
  children,
  action,
  nameToType,
  onConfirm,
  onClose,
}: Omit<ConfirmDialogProps, "isOpen">): ReactNode {
  const t = useText(furnitureText);
  const [typed, setTyped] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const isSure = nameToType === undefined || typed.trim() === nameToType;
  const confirm = async (): Promise<void> => {
    setIsBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (thrown) {
      setError(thrown);
      setIsBusy(false);
    }
  };
  return (
    <DialogForm
      title={title}
      action={action}
      isDangerous
      isReady={isSure}
      isBusy={isBusy}
      onSubmit={() => void confirm()}
      onClose={onClose}
    >
      {children}
      {nameToType !== undefined && (
        <Field label={t("typeName", { name: nameToType })}>
          <Input
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(_event, { value }) => {
              setTyped(value);
            }}
          />
        </Field>
      )}
      <ErrorBar error={error} />
    </DialogForm>
  );
}
