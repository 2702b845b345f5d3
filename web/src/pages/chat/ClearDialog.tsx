/** Asks before a conversation is thrown away. */

import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
} from "@fluentui/react-components";
import type { ReactNode } from "react";

import { useText } from "../../text/LanguageProvider";
import { text } from "./text";

export function ClearDialog({ onClear, onClose }: { readonly onClear: () => void; readonly onClose: () => void }): ReactNode {
  const t = useText(text);
  return (
    <Dialog
      open
      modalType="alert"
      onOpenChange={() => {
        onClose();
      }}
    >
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("clearTitle")}</DialogTitle>
          <DialogContent>{t("clearAdvice")}</DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button>{t("cancel")}</Button>
            </DialogTrigger>
            <DialogTrigger disableButtonEnhancement>
              <Button appearance="primary" onClick={onClear}>
                {t("clearChat")}
              </Button>
            </DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
