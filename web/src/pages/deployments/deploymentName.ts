/** What a deployment can be called. */

const RULE = /^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$/;

export type NameProblem = "nameMissing" | "nameRule" | "nameTaken";

/** Names that differ in their case alone are the same. */
export function isTaken(name: string, taken: readonly string[]): boolean {
  return taken.some((each) => each.toLowerCase() === name.toLowerCase());
}

export function nameProblem(name: string, taken: readonly string[]): NameProblem | null {
  if (name === "") return "nameMissing";
  if (!RULE.test(name)) return "nameRule";
  return isTaken(name, taken) ? "nameTaken" : null;
}

/** The model's own name, numbered where that is taken. */
export function suggestedName(model: string, taken: readonly string[]): string {
  if (!isTaken(model, taken)) return model;
  let number = 2;
  while (isTaken(`${model}-${String(number)}`, taken)) number += 1;
  return `${model}-${String(number)}`;
}
