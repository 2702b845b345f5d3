/** How much a deployment may be used, what that means, and how much of the quota is left then. */

import { Field, Input, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

import type { CatalogueModel } from "../../api/catalogue";
import { useFormats } from "../../shell/formats";
import { useText } from "../../text/LanguageProvider";
import { allowance, availableTo, readCapacity, type Pool } from "./capacity";
import { QuotaBar } from "./QuotaBar";
import { text } from "./text";

const useStyles = makeStyles({
  capacity: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
});

export interface CapacityFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly sku: CatalogueModel["skus"][number] | undefined;
  readonly pool: Pool | undefined;
  /** What the deployment has of that pool already. */
  readonly already: number;
  /** What is wrong with it, in words. */
  readonly problem: string | null;
}

export function CapacityField({ value, onChange, sku, pool, already, problem }: CapacityFieldProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { number } = useFormats();
  const capacity = readCapacity(value);
  const available = pool === undefined ? Infinity : availableTo(pool, already);
  const allowed = capacity === null ? null : allowance(capacity, sku);
  const tooMuch = capacity !== null && capacity > available ? t("capacityTooMuch", { n: number(available) }) : null;
  const meaning =
    allowed === null
      ? null
      : t("capacityMeans", { tokens: number(allowed.tokensPerMinute), requests: number(allowed.requestsPerMinute) });
  return (
    <div className={styles.capacity}>
      <Field
        label={t("capacity")}
        hint={meaning}
        validationState={problem !== null ? "error" : tooMuch !== null ? "warning" : "none"}
        validationMessage={problem ?? tooMuch}
      >
        <Input
          type="number"
          inputMode="numeric"
          min={1}
          step={1}
          value={value}
          onChange={(_event, data) => {
            onChange(data.value);
          }}
        />
      </Field>
      {pool !== undefined && <QuotaBar pool={pool} own={pool.own - already + (capacity ?? 0)} />}
    </div>
  );
}
