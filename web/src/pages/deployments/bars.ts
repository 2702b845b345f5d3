/** The shape of a small chart: numbers in, bars out. */

export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ChartSize {
  readonly width: number;
  readonly height: number;
  readonly gap: number;
}

/** Bars as high as the highest value allows; one that is not zero can always be seen. */
export function barsOf(values: readonly number[], { width, height, gap }: ChartSize): readonly Bar[] {
  const highest = Math.max(1, ...values);
  const step = width / Math.max(1, values.length);
  return values.map((value, index) => {
    const barHeight = value > 0 ? Math.max(2, (value / highest) * height) : 0;
    return { x: index * step, y: height - barHeight, width: Math.max(0.5, step - gap), height: barHeight };
  });
}

export interface Summary {
  readonly total: number;
  readonly now: number;
  readonly highest: number;
}

export function summaryOf(values: readonly number[]): Summary {
  return {
    total: values.reduce((sum, value) => sum + value, 0),
    now: values.at(-1) ?? 0,
    highest: Math.max(0, ...values),
  };
}
