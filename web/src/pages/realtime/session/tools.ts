/** Functions that the model may call, as the user writes them down. */

import type { FunctionTool } from "./wire";

export interface Tool {
  readonly name: string;
  readonly description: string;
  /** A JSON schema, as it was typed. */
  readonly parameters: string;
  /** What each call is answered at once; "" where the user answers by hand. */
  readonly answer: string;
}

export type ToolFault = "name" | "taken" | "json" | "schema";

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** What keeps a tool from being used; `others` are those beside it. */
export function faultsOf(tool: Tool, others: readonly Tool[]): readonly ToolFault[] {
  const faults: ToolFault[] = [];
  if (!NAME.test(tool.name)) faults.push("name");
  if (others.some((other) => other.name === tool.name)) faults.push("taken");
  const schema = parseJson(tool.parameters);
  if (schema === undefined) faults.push("json");
  else if (!isObjectSchema(schema)) faults.push("schema");
  return faults;
}

/** As the session wants them. */
export function functionsOf(tools: readonly Tool[]): readonly FunctionTool[] {
  return tools.map(({ name, description, parameters }) => ({
    type: "function",
    name,
    description,
    parameters: parseJson(parameters) ?? { type: "object", properties: {} },
  }));
}

/** JSON with indents, where it is JSON. */
export function indented(json: string): string {
  const value = parseJson(json);
  return value === undefined ? json : JSON.stringify(value, null, 2);
}

export const EXAMPLE: Tool = {
  name: "get_weather",
  description: "Tells the current weather of a city.",
  parameters: JSON.stringify(
    { type: "object", properties: { city: { type: "string", description: "Name of the city" } }, required: ["city"] },
    null,
    2,
  ),
  answer: "",
};

/** An answer to begin with, for the example. */
export const EXAMPLE_ANSWER = '{"sky": "sunny", "celsius": 21}';

/** Undefined for what is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether it describes the arguments of a function: an object, with schemas of its properties. */
function isObjectSchema(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return false;
  const { type, properties } = schema as { type?: unknown; properties?: unknown };
  return type === "object" && (properties === undefined || (typeof properties === "object" && properties !== null));
}
