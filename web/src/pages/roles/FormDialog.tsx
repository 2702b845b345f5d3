/** A dialog with a form: it stays open, and says why, where what was asked for is refused. */

import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Spinner,
  tokens,
} from "@fluentui/react-components";
import { useState, type ReactNode } from "react";

import { ErrorBar } from "../../shell/ErrorBar";
import { useText } from "../../text/LanguageProvider";
import { text } from "./text";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
});

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
  const styles = useStyles();
  const t = useText(text);
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
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (!isBusy && check()) void submit();
          }}
        >
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={styles.content}>
              {children}
              <ErrorBar error={error} />
            </DialogContent>
            <DialogActions>
              <Button disabled={isBusy} onClick={onClose}>
                {t("cancel")}
              </Button>
              <Button
                type="submit"
                appearance="primary"
                disabledFocusable={isBusy}
                icon={isBusy ? <Spinner size="tiny" /> : null}
              >
                {action}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
