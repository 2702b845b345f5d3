/** Who has which roles. */

import {
  Button,
  Caption1,
  makeStyles,
  Subtitle2,
  Text,
  tokens,
  Tooltip,
  useRestoreFocusTarget,
} from "@fluentui/react-components";
import {
  AddRegular,
  BotRegular,
  DeleteRegular,
  DesktopRegular,
  DismissRegular,
  PersonRegular,
  type FluentIcon,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";

import { ALL_ACCOUNTS, type Principal, type RoleAssignment } from "../../api/principals";
import { CopyButton } from "../../shell/CopyButton";
import { useFormats } from "../../shell/formats";
import { useText } from "../../text/LanguageProvider";
import { kindOf, nameOf, type PrincipalKind } from "./principalNames";
import { text } from "./text";

const NARROW = "@media (max-width: 900px)";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  principal: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 2fr) minmax(0, 3fr) 32px",
    alignItems: "start",
    gap: tokens.spacingHorizontalL,
    padding: `${tokens.spacingVerticalL} 0`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    [NARROW]: { gridTemplateColumns: "minmax(0, 1fr) 32px" },
  },
  who: { display: "flex", gap: tokens.spacingHorizontalM, minWidth: 0 },
  icon: { fontSize: "24px", flexShrink: 0, color: tokens.colorBrandForeground1 },
  words: { display: "flex", flexDirection: "column", minWidth: 0, overflowWrap: "anywhere" },
  name: { margin: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
  id: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  mono: { fontFamily: tokens.fontFamilyMonospace },
  roles: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    minHeight: "32px",
    [NARROW]: { gridColumn: "1 / -1", gridRow: 2 },
  },
  // Its items stand in the line of the button behind them.
  chips: { display: "contents", listStyleType: "none" },
  chip: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    paddingLeft: tokens.spacingHorizontalM,
    minHeight: "28px",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  scope: { color: tokens.colorNeutralForeground2 },
});

const ICONS: Readonly<Record<PrincipalKind, FluentIcon>> = {
  servicePrincipal: BotRegular,
  managedIdentity: DesktopRegular,
  entraIdentity: PersonRegular,
};

export interface PrincipalListProps {
  readonly principals: readonly Principal[];
  readonly onAssign: (principal: Principal) => void;
  readonly onRemove: (principal: Principal, assignment: RoleAssignment) => void;
  readonly onDelete: (principal: Principal) => void;
}

export function PrincipalList({ principals, ...actions }: PrincipalListProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  return (
    <ul className={styles.list} aria-label={t("table")}>
      {principals.map((principal) => (
        <PrincipalEntry key={principal.id} principal={principal} {...actions} />
      ))}
    </ul>
  );
}

interface PrincipalEntryProps extends Omit<PrincipalListProps, "principals"> {
  readonly principal: Principal;
}

function PrincipalEntry({ principal, onAssign, onRemove, onDelete }: PrincipalEntryProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const restoreFocus = useRestoreFocusTarget();
  const kind = kindOf(principal);
  const name = nameOf(principal);
  return (
    <li className={styles.principal}>
      <Who principal={principal} />
      <div className={styles.roles}>
        {principal.assignments.length === 0 ? (
          <Text className={styles.quiet}>{t("noRoles")}</Text>
        ) : (
          <ul className={styles.chips} aria-label={t("roles")}>
            {principal.assignments.map((assignment) => (
              <RoleChip
                key={`${assignment.role} ${assignment.scope}`}
                name={name}
                assignment={assignment}
                onRemove={() => {
                  onRemove(principal, assignment);
                }}
              />
            ))}
          </ul>
        )}
        <Button
          {...restoreFocus}
          size="small"
          appearance="subtle"
          icon={<AddRegular />}
          aria-label={t("assignTo", { name })}
          onClick={() => {
            onAssign(principal);
          }}
        >
          {t("assign")}
        </Button>
      </div>
      {kind === "servicePrincipal" ? (
        <Tooltip content={t("deletePrincipal", { name })} relationship="label">
          <Button
            {...restoreFocus}
            appearance="subtle"
            icon={<DeleteRegular />}
            onClick={() => {
              onDelete(principal);
            }}
          />
        </Tooltip>
      ) : (
        <span />
      )}
    </li>
  );
}

function Who({ principal }: { readonly principal: Principal }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { relative } = useFormats();
  const kind = kindOf(principal);
  const Icon = ICONS[kind];
  const facts = [t(kind)];
  if (kind === "servicePrincipal") facts.push(t(principal.has_secret ? "withSecret" : "withoutSecret"));
  const [idName, id] = principal.client_id === null ? (["objectId", principal.id] as const) : (["clientId", principal.client_id] as const);
  return (
    <div className={styles.who}>
      <Icon className={styles.icon} />
      <div className={styles.words}>
        <Subtitle2 as="h2" className={styles.name}>
          {principal.name ?? t("entraIdentity")}
        </Subtitle2>
        {principal.name !== null && <Caption1 className={styles.quiet}>{facts.join(" · ")}</Caption1>}
        <span className={styles.id}>
          <Caption1 className={styles.quiet}>
            {t(idName)} <span className={styles.mono}>{id}</span>
          </Caption1>
          <CopyButton size="small" label={t("copyId", { what: `${t(idName)} ${id}` })} content={id} />
        </span>
        {kind === "servicePrincipal" && principal.created_at !== null && (
          <Caption1 className={styles.quiet}>{t("created", { when: relative(principal.created_at) })}</Caption1>
        )}
      </div>
    </div>
  );
}

interface RoleChipProps {
  readonly name: string;
  readonly assignment: RoleAssignment;
  readonly onRemove: () => void;
}

function RoleChip({ name, assignment, onRemove }: RoleChipProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const restoreFocus = useRestoreFocusTarget();
  const { role } = assignment;
  const scope = assignment.scope === ALL_ACCOUNTS ? t("onAll") : t("onAccount", { account: assignment.scope });
  return (
    <li className={styles.chip}>
      <Text>
        {role} <Caption1 className={styles.scope}>{scope}</Caption1>
      </Text>
      <Button
        {...restoreFocus}
        size="small"
        appearance="transparent"
        icon={<DismissRegular />}
        aria-label={t("remove", { role, scope, name })}
        onClick={onRemove}
      />
    </li>
  );
}
