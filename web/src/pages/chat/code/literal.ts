/** Values, written as the literals of a programming language. */

/** Stands in a value for what the program computes. */
export class Expression {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export type Value = string | number | boolean | Expression | readonly Value[] | { readonly [name: string]: Value };

/** What differs between languages. Strings do not: JSON's escapes are those of Python and JavaScript, too. */
export interface Notation {
  readonly name: (name: string) => string;
  readonly truth: readonly [no: string, yes: string];
  readonly indent: string;
  /** Whether the braces of what is on one line have spaces inside them. */
  readonly isAiry: boolean;
  readonly hasTrailingCommas: boolean;
}

export const PYTHON: Notation = {
  name: (name) => JSON.stringify(name),
  truth: ["False", "True"],
  indent: "    ",
  isAiry: false,
  hasTrailingCommas: true,
};

export const JAVASCRIPT: Notation = {
  name: (name) => name,
  truth: ["false", "true"],
  indent: "  ",
  isAiry: true,
  hasTrailingCommas: true,
};

export const JSON_TEXT: Notation = { ...JAVASCRIPT, name: (name) => JSON.stringify(name), hasTrailingCommas: false };

const LONGEST_LINE = 78;

/** `depth` is how far the line on which it begins is indented. */
export function literal(value: Value, notation: Notation, depth = 0): string {
  if (value instanceof Expression) return value.source;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return notation.truth[value ? 1 : 0];
  const isList = Array.isArray(value);
  const entry = (name: string, item: Value, at: number): string =>
    isList ? literal(item, notation, at) : `${notation.name(name)}: ${literal(item, notation, at)}`;
  const items = Object.entries(value as Readonly<Record<string, Value>>);
  const [open, close] = isList ? "[]" : "{}";
  const space = notation.isAiry && !isList ? " " : "";
  const oneLine = `${String(open)}${space}${items.map(([name, item]) => entry(name, item, depth)).join(", ")}${space}${String(close)}`;
  const isShort = !oneLine.includes("\n") && oneLine.length + depth * notation.indent.length < LONGEST_LINE;
  if (isShort && (!isList || items.length < 2 || typeof items[0]?.[1] === "string")) return oneLine;
  const inner = notation.indent.repeat(depth + 1);
  const lines = items.map(([name, item]) => inner + entry(name, item, depth + 1));
  const comma = notation.hasTrailingCommas ? "," : "";
  return `${String(open)}\n${lines.join(",\n")}${comma}\n${notation.indent.repeat(depth)}${String(close)}`;
}
