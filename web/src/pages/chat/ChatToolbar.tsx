/** What stands above the conversation: what it is, whether it sounds, and what can be done with all of it. */

import { Button, makeStyles, Subtitle2, ToggleButton, tokens, Tooltip } from "@fluentui/react-components";
import { BroomRegular, CodeRegular, OptionsRegular, Speaker2Regular, SpeakerMuteRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";

import { useText } from "../../text/LanguageProvider";
import { text } from "./text";

const useStyles = makeStyles({
  toolbar: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  title: { margin: 0, flexGrow: 1, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", minWidth: 0 },
});

/** What the toolbar opens. */
export type Opened = "code" | "clear" | "settings";

export interface ChatToolbarProps {
  /** Whether replies sound as they come; null where they are only written. */
  readonly isAloud: boolean | null;
  readonly onAloud: (isAloud: boolean) => void;
  readonly hasMessages: boolean;
  /** Whether there is no room for words, nor for the settings beside the conversation. */
  readonly isNarrow: boolean;
  readonly onOpen: (opened: Opened) => void;
}

export function ChatToolbar({ isAloud, onAloud, hasMessages, isNarrow, onOpen }: ChatToolbarProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  return (
    <div className={styles.toolbar}>
      <Subtitle2 as="h1" className={styles.title}>
        {t("title")}
      </Subtitle2>
      {isAloud !== null && (
        <Tooltip content={t("speakReplies")} relationship="label">
          <ToggleButton
            appearance="subtle"
            checked={isAloud}
            icon={isAloud ? <Speaker2Regular /> : <SpeakerMuteRegular />}
            onClick={() => {
              onAloud(!isAloud);
            }}
          />
        </Tooltip>
      )}
      <ToolbarButton icon={<CodeRegular />} label={t("viewCode")} isNarrow={isNarrow} onClick={() => onOpen("code")} />
      <ToolbarButton
        icon={<BroomRegular />}
        label={t("clearChat")}
        isNarrow={isNarrow}
        isDisabled={!hasMessages}
        onClick={() => onOpen("clear")}
      />
      {isNarrow && (
        <ToolbarButton icon={<OptionsRegular />} label={t("settings")} isNarrow onClick={() => onOpen("settings")} />
      )}
    </div>
  );
}

interface ToolbarButtonProps {
  readonly icon: ReactNode;
  readonly label: string;
  readonly isNarrow: boolean;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
}

function ToolbarButton({ icon, label, isNarrow, isDisabled = false, onClick }: ToolbarButtonProps): ReactNode {
  const button = (
    <Button appearance="subtle" icon={<>{icon}</>} disabledFocusable={isDisabled} onClick={onClick}>
      {isNarrow ? null : label}
    </Button>
  );
  return isNarrow ? (
    <Tooltip content={label} relationship="label">
      {button}
    </Tooltip>
  ) : (
    button
  );
}
