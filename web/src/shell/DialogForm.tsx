/** The inside of a dialog that is a form: its title, what is filled in, and the buttons that cancel and do it. */

import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogTitle,
  makeStyles,
  Spinner,
  tokens,
} from "@fluentui/react-components";
import type { ReactNode, Ref } from "react";

import { useText } from "../text/LanguageProvider";
import { furnitureText } from "./furnitureText";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  danger: {
    backgroundColor: tokens.colorStatusDangerBackground3,
    color: tokens.colorNeutralForegroundOnBrand,
    ":hover": {
      backgroundColor: tokens.colorStatusDangerBackground3Hover,
      color: tokens.colorNeutralForegroundOnBrand,
    },
    ":hover:active": {
      backgroundColor: tokens.colorStatusDangerBackground3Pressed,
      color: tokens.colorNeutralForegroundOnBrand,
    },
  },
});

export interface DialogFormProps {
  readonly title: string;
  /** The button: "Delete deployment". */
  readonly action: string;
  /** Whether it cannot be undone. */
  readonly isDangerous?: boolean;
  /** Whether it may be done as things stand; otherwise the button is off. */
  readonly isReady?: boolean;
  /** Whether it is being done: nothing is done twice, nor cancelled then. */
  readonly isBusy: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly formRef?: Ref<HTMLFormElement>;
  readonly children: ReactNode;
}

export function DialogForm({
  title,
  action,
  isDangerous = false,
  isReady = true,
  isBusy,
  onSubmit,
  onClose,
  formRef,
  children,
}: DialogFormProps): ReactNode {
  const styles = useStyles();
  const t = useText(furnitureText);
  const look = isDangerous ? (isReady ? { className: styles.danger } : {}) : ({ appearance: "primary" } as const);
  return (
    <form
      ref={formRef}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !isBusy) onSubmit();
      }}
    >
      <DialogBody>
        <DialogTitle>{title}</DialogTitle>
        <DialogContent className={styles.content}>{children}</DialogContent>
        <DialogActions>
          <Button disabled={isBusy} onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button
            type="submit"
            {...look}
            disabled={!isReady}
            disabledFocusable={isBusy}
            icon={isBusy ? <Spinner size="tiny" /> : null}
          >
            {action}
          </Button>
        </DialogActions>
      </DialogBody>
    </form>
  );
}
