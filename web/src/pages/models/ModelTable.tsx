/** The catalogue, a row for each model. On narrow screens, license, size and profiles stand below its name. */

import {
  Caption1,
  Link,
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

import type { CatalogueModel, ModelFolder } from "../../api/models";
import { useFormats } from "../../shell/formats";
import { useText } from "../../text/LanguageProvider";
import { ModelState } from "./ModelState";
import { ProfileBadges } from "./ProfileBadges";
import { NARROW, useRowStyles } from "./rowStyles";
import { text } from "./text";

const useStyles = makeStyles({
  name: { width: "30%", [NARROW]: { width: "50%" } },
  wideOnly: { width: "14%", [NARROW]: { display: "none" } },
  state: { width: "34%", [NARROW]: { width: "50%" } },
  source: { alignSelf: "flex-start" },
});

/** By what the server calls them. */
const PURPOSES: Readonly<Record<string, keyof (typeof text)["en"]>> = {
  recognizer: "recognizer",
  "language model": "languageModel",
  synthesizer: "synthesizer",
  voices: "voices",
  "voice activity": "voiceActivity",
  "end of turn": "endOfTurn",
  speakers: "speakers",
};

export interface ModelTableProps {
  readonly folder: ModelFolder;
  readonly onPull: (name: string) => void;
}

export function ModelTable({ folder, onPull }: ModelTableProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  return (
    <Table aria-label={t("table")}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell className={styles.name}>{t("model")}</TableHeaderCell>
          <TableHeaderCell className={styles.wideOnly}>{t("license")}</TableHeaderCell>
          <TableHeaderCell className={styles.wideOnly}>{t("size")}</TableHeaderCell>
          <TableHeaderCell className={styles.wideOnly}>{t("usedBy")}</TableHeaderCell>
          <TableHeaderCell className={styles.state}>{t("state")}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {folder.models.map((model) => (
          <ModelRow key={model.name} model={model} freeBytes={folder.free_bytes} onPull={onPull} />
        ))}
      </TableBody>
    </Table>
  );
}

interface ModelRowProps {
  readonly model: CatalogueModel;
  readonly freeBytes: number;
  readonly onPull: (name: string) => void;
}

function ModelRow({ model, freeBytes, onPull }: ModelRowProps): ReactNode {
  const styles = useStyles();
  const rows = useRowStyles();
  const t = useText(text);
  const { bytes } = useFormats();
  const purpose = PURPOSES[model.purpose];
  const wide = mergeClasses(rows.cell, styles.wideOnly);
  return (
    <TableRow>
      <TableCell className={rows.cell}>
        <div className={rows.stack}>
          <Text weight="semibold">{model.name}</Text>
          <Text>{purpose === undefined ? model.purpose : t(purpose)}</Text>
          <Link className={styles.source} href={model.homepage} target="_blank" rel="noreferrer">
            <Caption1>{model.title}</Caption1>
          </Link>
          <Caption1 className={mergeClasses(rows.quiet, rows.narrowOnly)}>
            {[model.license, bytes(model.bytes), ...model.profiles].join(" · ")}
          </Caption1>
        </div>
      </TableCell>
      <TableCell className={wide}>{model.license}</TableCell>
      <TableCell className={wide}>{bytes(model.bytes)}</TableCell>
      <TableCell className={wide}>
        {model.profiles.length === 0 ? (
          <Text className={rows.quiet}>{t("noProfile")}</Text>
        ) : (
          <ProfileBadges profiles={model.profiles} />
        )}
      </TableCell>
      <TableCell className={rows.cell}>
        <ModelState
          model={model}
          freeBytes={freeBytes}
          onPull={() => {
            onPull(model.name);
          }}
        />
      </TableCell>
    </TableRow>
  );
}
