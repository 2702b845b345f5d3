/** What can be done with a deployment: try it, change it, delete it. */

import {
  Button,
  makeStyles,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  tokens,
  Tooltip,
  useRestoreFocusTarget,
} from "@fluentui/react-components";
import { ChatRegular, DeleteRegular, EditRegular, MicRegular, MoreHorizontalRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";

import type { Deployment } from "../../api/resources";
import { useText } from "../../text/LanguageProvider";
import { playgroundAddress, playgroundOf } from "./playgrounds";
import { text } from "./text";

const useStyles = makeStyles({ actions: { display: "flex", gap: tokens.spacingHorizontalXS, alignItems: "center" } });

export interface DeploymentActionsProps {
  readonly deployment: Deployment;
  readonly onChange: () => void;
  readonly onDelete: () => void;
  /** Whether there is room for words. */
  readonly isWide?: boolean;
}

export function DeploymentActions({ deployment, onChange, onDelete, isWide = false }: DeploymentActionsProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const focusTarget = useRestoreFocusTarget();
  const { name } = deployment;
  const { capabilities } = deployment.properties;
  const address = playgroundAddress(name, capabilities);
  const icon = playgroundOf(capabilities) === "realtime" ? <MicRegular /> : <ChatRegular />;
  const label = t("playground", { name });
  return (
    <div className={styles.actions}>
      {address !== null &&
        (isWide ? (
          <Button as="a" href={address} icon={icon} aria-label={label}>
            {t("playgroundShort")}
          </Button>
        ) : (
          <Tooltip content={label} relationship="label">
            <Button as="a" href={address} icon={icon} appearance="subtle" />
          </Tooltip>
        ))}
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Tooltip content={t("more", { name })} relationship="label">
            <Button appearance="subtle" icon={<MoreHorizontalRegular />} {...focusTarget} />
          </Tooltip>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem icon={<EditRegular />} onClick={onChange}>
              {t("change")}
            </MenuItem>
            <MenuItem icon={<DeleteRegular />} onClick={onDelete}>
              {t("delete")}
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
    </div>
  );
}
