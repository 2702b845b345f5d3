/** A row for each engine. On narrow screens, where it runs and who uses it stand below its name. */

import {
  Caption1,
  makeStyles,
  mergeClasses,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
} from "@fluentui/react-components";
import type { ReactNode } from "react";

import type { Engine } from "../../../api/engines";
import { useText } from "../../../text/LanguageProvider";
import { ProfileBadges } from "../ProfileBadges";
import { NARROW, useRowStyles } from "../rowStyles";
import { EngineHealth } from "./EngineHealth";
import { text } from "./text";

type Key = keyof (typeof text)["en"];

/** What the server calls its own process. */
const HERE = "this process";

const useStyles = makeStyles({
  name: { width: "26%", [NARROW]: { width: "50%" } },
  where: { width: "26%", [NARROW]: { display: "none" } },
  usedBy: { width: "14%", [NARROW]: { display: "none" } },
  health: { width: "34%", [NARROW]: { width: "50%" } },
});

/** By what the server calls them. */
const ROLES: Readonly<Record<string, Key>> = {
  recognizer: "recognizer",
  language_model: "languageModel",
  synthesizer: "synthesizer",
  responder: "responder",
};

export interface EngineTableProps {
  readonly engines: readonly Engine[];
  /** The ids of those that are being tested. */
  readonly testing: ReadonlySet<string>;
  readonly onTest: (engine: Engine) => void;
}

export function EngineTable({ engines, testing, onTest }: EngineTableProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  return (
    <Table aria-label={t("table")}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell className={styles.name}>{t("engine")}</TableHeaderCell>
          <TableHeaderCell className={styles.where}>{t("where")}</TableHeaderCell>
          <TableHeaderCell className={styles.usedBy}>{t("usedBy")}</TableHeaderCell>
          <TableHeaderCell className={styles.health}>{t("state")}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {engines.map((engine) => (
          <EngineRow
            key={engine.id}
            engine={engine}
            isTesting={testing.has(engine.id)}
            onTest={() => {
              onTest(engine);
            }}
          />
        ))}
      </TableBody>
    </Table>
  );
}

interface EngineRowProps {
  readonly engine: Engine;
  readonly isTesting: boolean;
  readonly onTest: () => void;
}

function EngineRow({ engine, isTesting, onTest }: EngineRowProps): ReactNode {
  const styles = useStyles();
  const rows = useRowStyles();
  const t = useText(text);
  const role = ROLES[engine.role];
  const place = engine.where === HERE ? t("thisProcess") : engine.where;
  const where = engine.device === null ? place : t("onDevice", { where: place, device: engine.device });
  return (
    <TableRow>
      <TableCell className={rows.cell}>
        <div className={rows.stack}>
          <Text weight="semibold">{engine.name}</Text>
          <Text>{role === undefined ? engine.role : t(role)}</Text>
          <Caption1 className={rows.quiet}>{engine.kind}</Caption1>
          <Caption1 className={mergeClasses(rows.quiet, rows.narrowOnly)}>
            {[where, ...engine.profiles].join(" · ")}
          </Caption1>
        </div>
      </TableCell>
      <TableCell className={mergeClasses(rows.cell, styles.where)}>
        <div className={rows.stack}>
          <Text>{where}</Text>
          {engine.note !== "" && <Caption1 className={rows.quiet}>{engine.note}</Caption1>}
        </div>
      </TableCell>
      <TableCell className={mergeClasses(rows.cell, styles.usedBy)}>
        <ProfileBadges profiles={engine.profiles} />
      </TableCell>
      <TableCell className={rows.cell}>
        <EngineHealth engine={engine} isTesting={isTesting} onTest={onTest} />
      </TableCell>
    </TableRow>
  );
}
