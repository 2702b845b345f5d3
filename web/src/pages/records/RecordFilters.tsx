/** Which records are shown. */

import { Button, Dropdown, makeStyles, Option, SearchBox, Switch, tokens } from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import { useEffect, useState, type ReactNode } from "react";

import type { Operation, RecordFilter } from "../../api/records";
import { useText } from "../../text/LanguageProvider";
import { KINDS } from "./kinds";
import { EVERY_RECORD, isFiltered } from "./recordList";
import { text } from "./text";

/** How long nothing is typed before it is searched for. */
const PAUSE_MS = 300;
/** An option's value cannot be empty. */
const ALL = "*";

const NARROW = "@media (max-width: 720px)";

const useStyles = makeStyles({
  filters: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  search: { flexGrow: 2, flexBasis: "240px", maxWidth: "400px", [NARROW]: { maxWidth: "none", flexBasis: "100%" } },
  choice: { minWidth: "0", flexGrow: 1, flexBasis: "140px", maxWidth: "240px" },
});

const CHOICES = { [ALL]: "allKinds", ...KINDS } as const;

export interface RecordFiltersProps {
  readonly filter: RecordFilter;
  readonly deployments: readonly string[];
  readonly onFilter: (filter: RecordFilter) => void;
}

export function RecordFilters({ filter, deployments, onFilter }: RecordFiltersProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const [typed, setTyped] = useState(filter.search);
  useEffect(() => {
    if (typed.trim() === filter.search) return;
    const timer = window.setTimeout(() => {
      onFilter({ ...filter, search: typed.trim() });
    }, PAUSE_MS);
    return () => {
      window.clearTimeout(timer);
    };
  }, [typed, filter, onFilter]);
  return (
    <div role="search" aria-label={t("filters")} className={styles.filters}>
      <SearchBox
        className={styles.search}
        aria-label={t("search")}
        placeholder={t("search")}
        value={typed}
        maxLength={200}
        onChange={(_event, { value }) => {
          setTyped(value);
        }}
      />
      <Dropdown
        className={styles.choice}
        aria-label={t("deployment")}
        value={filter.deployment || t("allDeployments")}
        selectedOptions={[filter.deployment || ALL]}
        onOptionSelect={(_event, { optionValue = ALL }) => {
          onFilter({ ...filter, deployment: optionValue === ALL ? "" : optionValue });
        }}
      >
        <Option value={ALL}>{t("allDeployments")}</Option>
        {deployments.map((name) => (
          <Option key={name} value={name}>
            {name}
          </Option>
        ))}
      </Dropdown>
      <Dropdown
        className={styles.choice}
        aria-label={t("kind")}
        value={t(CHOICES[filter.operation || ALL])}
        selectedOptions={[filter.operation || ALL]}
        onOptionSelect={(_event, { optionValue = ALL }) => {
          onFilter({ ...filter, operation: optionValue === ALL ? "" : (optionValue as Operation) });
        }}
      >
        {Object.entries(CHOICES).map(([operation, name]) => (
          <Option key={operation} value={operation}>
            {t(name)}
          </Option>
        ))}
      </Dropdown>
      <Switch
        label={t("storedOnly")}
        checked={filter.storedOnly}
        onChange={(_event, { checked }) => {
          onFilter({ ...filter, storedOnly: checked });
        }}
      />
      {isFiltered(filter) && (
        <Button
          appearance="subtle"
          icon={<DismissRegular />}
          onClick={() => {
            setTyped("");
            onFilter(EVERY_RECORD);
          }}
        >
          {t("clearFilters")}
        </Button>
      )}
    </div>
  );
}
