/** A number that is set by sliding. */

import { Field, InfoLabel, Slider } from "@fluentui/react-components";
import type { CSSProperties, ReactNode } from "react";

import { useText } from "../../text/LanguageProvider";
import { text } from "./text";

export interface MeasureProps {
  readonly label: string;
  /** With its unit. */
  readonly shown: string;
  readonly hint: string;
  readonly min?: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** Steps are too many to be marked on the rail, as Fluent would. */
const WITHOUT_MARKS = { "--fui-Slider--steps-percent": "100%" } as CSSProperties;

export function Measure({ label, shown, hint, min = 0, max, step, value, onChange }: MeasureProps): ReactNode {
  const t = useText(text);
  return (
    <Field
      label={
        <InfoLabel info={hint} infoButton={{ "aria-label": t("about") }}>
          {label}: {shown}
        </InfoLabel>
      }
    >
      <Slider
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={shown}
        style={WITHOUT_MARKS}
        onChange={(_event, data) => {
          onChange(Number(data.value.toFixed(2)));
        }}
      />
    </Field>
  );
}
