import { describe, expect, it } from "vitest";

import { activityOf } from "./activity";
import { Driven, sentOf } from "./drivenConversation";
import { EXAMPLE } from "./tools";
import type { ServerEvent } from "./wire";

describe("a call", () => {
  it("is seen while it is written, waits, and goes on when it was answered by hand", () => {
    const driven = new Driven({ tools: [EXAMPLE] }).open();
    driven.call("c", "r");
    expect(driven.entry("c")).toMatchObject({ state: "streaming", arguments: '{"city":' });
    driven.hear({ type: "response.function_call_arguments.done", response_id: "r", item_id: "c", arguments: '{"city":"Paris"}' });
    expect(driven.done("r")).toEqual([]);
    expect(activityOf(driven.state)).toBe("tool");
    expect(sentOf(driven.take({ type: "answered", id: "c", output: "sunny", at: 0 }))).toEqual([
      { type: "conversation.item.create", item: { type: "function_call_output", call_id: "call_c", output: "sunny" } },
      { type: "response.create" },
    ]);
    expect(driven.take({ type: "answered", id: "c", output: "rainy", at: 0 })).toEqual([]);
  });

  it("is answered at once where an answer was written beforehand, and goes on when the response is done", () => {
    const driven = new Driven({ tools: [{ ...EXAMPLE, answer: "sunny" }] }).open();
    driven.call("c", "r");
    const event: ServerEvent = { type: "response.function_call_arguments.done", response_id: "r", item_id: "c", arguments: "{}" };
    expect(sentOf(driven.hear(event)).map(({ type }) => type)).toEqual(["conversation.item.create"]);
    expect(sentOf(driven.done("r"))).toEqual([{ type: "response.create" }]);
  });

  it("waits for the others of its response", () => {
    const driven = new Driven({ tools: [EXAMPLE] }).open();
    driven.call("c", "r");
    driven.call("d", "r");
    for (const id of ["c", "d"]) {
      driven.hear({ type: "response.function_call_arguments.done", response_id: "r", item_id: id, arguments: "{}" });
    }
    driven.done("r");
    expect(sentOf(driven.take({ type: "answered", id: "c", output: "1", at: 0 }))).toHaveLength(1);
    expect(sentOf(driven.take({ type: "answered", id: "d", output: "2", at: 0 }))).toHaveLength(2);
  });
});
