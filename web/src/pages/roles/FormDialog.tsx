/** A dialog with a form: it stays open, and says why, where what was asked for is refused. */

import { Dialog, DialogSurface } from "@fluentui/react-components";
import { useState, type ReactNode } from "react";

import { DialogForm } from "../../shell/DialogForm";
import { ErrorBar } from "../../shell/ErrorBar";

export interface FormDialogProps {
  readonly title: string;
  readonly action: string;
  /** Returns whether all fields are as they must be; where they are not, they say so themselves. */
  readonly check: () => boolean;
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function FormDialog({ title, action, check, onSubmit, onClose, children }: FormDialogProps): ReactNode {
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (): Promise<void> => {
    setIsBusy(true);
    setError(null);
    try {
      await onSubmit();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Dialog
      open
      modalType="modal"
      onOpenChange={(_event, { type }) => {
        // What was typed is not lost to a click beside the dialog.
        if (type !== "backdropClick" && !isBusy) onClose();
      }}
    >
      <DialogSurface>
        <DialogForm
          title={title}
          action={action}
          isBusy={isBusy}
          onSubmit={() => {
            if (check()) void submit();
          }}
          onClose={onClose}
        >
          {children}
          <ErrorBar error={error} />
        </DialogForm>
      </DialogSurface>
    </Dialog>
  );
}
