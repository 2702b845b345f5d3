import { describe, expect, it } from "vitest";

import { receive } from "./exporting";

describe("receive", () => {
  it("tells how much has come, and gives all of it", async () => {
    const told: number[] = [];
    const blob = await receive(new Response('{"id":1}\n'), (bytes) => told.push(bytes));
    expect(await blob.text()).toBe('{"id":1}\n');
    expect(told.at(-1)).toBe(9);
  });

  it("fails where the server breaks off, rather than save half of it", async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new TypeError("network error"));
      },
    });
    await expect(receive(new Response(broken), () => undefined)).rejects.toThrow("network error");
  });
});
