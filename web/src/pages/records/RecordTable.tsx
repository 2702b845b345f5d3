/** The records, a row for each. Where there is no room for columns, what they say stands below what was asked. */

import {
  Badge,
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
  tokens,
  Tooltip,
} from "@fluentui/react-components";
import { ChatRegular, ClosedCaptionRegular, MicRegular, Speaker2Regular, TranslateRegular, type FluentIcon } from "@fluentui/react-icons";
import type { ReactNode } from "react";

import type { Operation, RecordSummary } from "../../api/records";
import { useFormats } from "../../shell/formats";
import { addressOf } from "../../shell/route";
import { useText } from "../../text/LanguageProvider";
import { KINDS } from "./kinds";
import { usePrincipalWords } from "./principalWords";
import { text } from "./text";

const NARROW = "@media (max-width: 900px)";

const useStyles = makeStyles({
  row: { cursor: "pointer" },
  open: { backgroundColor: tokens.colorSubtleBackgroundSelected },
  cell: { height: "auto", padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalS}`, verticalAlign: "top" },
  asked: { width: "46%", [NARROW]: { width: "100%" } },
  askedAlone: { width: "100%" },
  column: { width: "18%", [NARROW]: { display: "none" } },
  numbers: { width: "12%", [NARROW]: { display: "none" } },
  gone: { display: "none" },
  question: { display: "flex", gap: tokens.spacingHorizontalM, minWidth: 0 },
  icon: { fontSize: "20px", flexShrink: 0, color: tokens.colorBrandForeground1 },
  words: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS, minWidth: 0 },
  excerpt: {
    display: "-webkit-box",
    WebkitLineClamp: 2,
    WebkitBoxOrient: "vertical",
    overflowX: "hidden",
    overflowY: "hidden",
    overflowWrap: "anywhere",
  },
  facts: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground2 },
  narrowOnly: { display: "none", [NARROW]: { display: "inline" } },
  wrapped: { overflowWrap: "anywhere" },
});

export interface RecordTableProps {
  readonly records: readonly RecordSummary[];
  /** The one that is read beside the table, which then has less room. */
  readonly openId: string | null;
}

export const linkId = (recordId: string): string => `record-${recordId}`;

export function RecordTable({ records, openId }: RecordTableProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const isCompact = openId !== null;
  const column = isCompact ? styles.gone : styles.column;
  return (
    <Table aria-label={t("table")}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell className={isCompact ? styles.askedAlone : styles.asked}>{t("question")}</TableHeaderCell>
          <TableHeaderCell className={column}>{t("deployment")}</TableHeaderCell>
          <TableHeaderCell className={column}>{t("principal")}</TableHeaderCell>
          <TableHeaderCell className={isCompact ? styles.gone : styles.numbers}>{t("tokens")}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {records.map((record) => (
          <RecordRow key={record.id} record={record} isOpen={record.id === openId} isCompact={isCompact} />
        ))}
      </TableBody>
    </Table>
  );
}

interface RecordRowProps {
  readonly record: RecordSummary;
  readonly isOpen: boolean;
  readonly isCompact: boolean;
}

function RecordRow({ record, isOpen, isCompact }: RecordRowProps): ReactNode {
  const styles = useStyles();
  const { number } = useFormats();
  const principalWords = usePrincipalWords();
  const column = mergeClasses(styles.cell, isCompact ? styles.gone : styles.column);
  const address = addressOf("records", { record: record.id });
  return (
    <TableRow
      className={mergeClasses(styles.row, isOpen && styles.open)}
      onClick={() => {
        window.location.hash = address;
      }}
    >
      <TableCell className={styles.cell}>
        <Question record={record} isOpen={isOpen} isCompact={isCompact} />
      </TableCell>
      <TableCell className={column}>
        <Text className={styles.wrapped}>{record.deployment}</Text>
      </TableCell>
      <TableCell className={column}>
        <Text className={styles.wrapped}>{principalWords(record.principal)}</Text>
      </TableCell>
      <TableCell className={mergeClasses(styles.cell, isCompact ? styles.gone : styles.numbers)}>
        {number(record.prompt_tokens + record.completion_tokens)}
      </TableCell>
    </TableRow>
  );
}

const ICONS: Readonly<Record<Operation, FluentIcon>> = {
  chatCompletion: ChatRegular,
  realtime: MicRegular,
  audioSpeech: Speaker2Regular,
  audioTranscription: ClosedCaptionRegular,
  audioTranslation: TranslateRegular,
};

function Question({ record, isOpen, isCompact }: RecordRowProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { dateTime, relative } = useFormats();
  const Icon = ICONS[record.operation];
  return (
    <div className={styles.question}>
      <Icon className={styles.icon} aria-label={t(KINDS[record.operation])} />
      <div className={styles.words}>
        <Link
          id={linkId(record.id)}
          appearance="subtle"
          className={styles.excerpt}
          href={addressOf("records", { record: record.id })}
          aria-current={isOpen ? "true" : undefined}
        >
          {record.excerpt || t("nothingInWords")}
        </Link>
        <span className={styles.facts}>
          <Tooltip content={dateTime(record.created_at)} relationship="description">
            <Caption1 className={styles.quiet}>{relative(record.created_at)}</Caption1>
          </Tooltip>
          {record.audio.length > 0 && <Speaker2Regular className={styles.quiet} aria-label={t("hasAudio")} />}
          {record.is_stored && (
            <Badge appearance="tint" size="small">
              {t("isStored")}
            </Badge>
          )}
          <Caption1 className={mergeClasses(styles.quiet, styles.wrapped, !isCompact && styles.narrowOnly)}>
            {record.deployment}
          </Caption1>
        </span>
      </div>
    </div>
  );
}
