/** Deletes many records for good; nobody does that by accident. */

import { Dropdown, Field, Input, MessageBar, MessageBarBody, Option, Radio, RadioGroup, Text } from "@fluentui/react-components";
import { useState, type ReactNode } from "react";

import { purgeRecords } from "../../api/records";
import { ConfirmDialog } from "../../shell/ConfirmDialog";
import { useFormats } from "../../shell/formats";
import { useSession } from "../../shell/sessionContext";
import { useText } from "../../text/LanguageProvider";
import { dayOf, daysBefore, startOfDay } from "./purging";
import { text } from "./text";

/** An option's value cannot be empty. */
const ALL = "*";
const PROPOSED_DAYS = 7;

export interface PurgeDialogProps {
  readonly deployments: readonly string[];
  readonly onPurged: (count: number) => void;
  readonly onClose: () => void;
}

export function PurgeDialog({ deployments, onPurged, onClose }: PurgeDialogProps): ReactNode {
  const t = useText(text);
  const { date } = useFormats();
  const account = useSession().account.name;
  const [isAll, setIsAll] = useState(false);
  const [day, setDay] = useState(() => dayOf(daysBefore(new Date(), PROPOSED_DAYS)));
  const [deployment, setDeployment] = useState<string | null>(null);
  const before = isAll ? null : startOfDay(day);
  const isChosen = isAll || before !== null;
  const named = { deployment: deployment ?? "", day: before === null ? "" : date(before) };
  const summary = t(
    isAll ? (deployment === null ? "purgeAllOf" : "purgeAllIn") : deployment === null ? "purgeOlder" : "purgeOlderIn",
    named,
  );
  return (
    <ConfirmDialog
      isOpen
      title={t("purgeTitle")}
      action={t("purgeConfirm")}
      nameToType={account}
      onClose={onClose}
      onConfirm={async () => {
        if (!isChosen) throw new Error(t("purgeNoDay"));
        onPurged(await purgeRecords({ ...(deployment !== null && { deployment }), ...(before !== null && { before }) }));
      }}
    >
      <Text>{t("purgeAbout")}</Text>
      <Field label={t("purgeWhat")}>
        <RadioGroup
          value={isAll ? "all" : "before"}
          onChange={(_event, { value }) => {
            setIsAll(value === "all");
          }}
        >
          <Radio value="before" label={t("purgeBefore")} />
          <Radio value="all" label={t("purgeAll")} />
        </RadioGroup>
      </Field>
      {!isAll && (
        <Field label={t("purgeDay")} hint={t("purgeDayHint")}>
          <Input
            type="date"
            value={day}
            onChange={(_event, { value }) => {
              setDay(value);
            }}
          />
        </Field>
      )}
      <Field label={t("deployment")}>
        <Dropdown
          value={deployment ?? t("allDeployments")}
          selectedOptions={[deployment ?? ALL]}
          onOptionSelect={(_event, { optionValue = ALL }) => {
            setDeployment(optionValue === ALL ? null : optionValue);
          }}
        >
          <Option value={ALL}>{t("allDeployments")}</Option>
          {deployments.map((name) => (
            <Option key={name} value={name}>
              {name}
            </Option>
          ))}
        </Dropdown>
      </Field>
      {isChosen && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{summary}</MessageBarBody>
        </MessageBar>
      )}
    </ConfirmDialog>
  );
}
