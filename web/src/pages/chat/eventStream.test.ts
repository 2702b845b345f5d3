import { describe, expect, it } from "vitest";

import { EventStreamParser, eventsOf } from "./eventStream";

describe("EventStreamParser", () => {
  it("gives the data of each event, wherever the stream is cut", () => {
    const stream = 'data: {"a":"é"}\n\ndata: {"b":2}\r\n\r\ndata: [DONE]\n\n';
    for (let size = 1; size <= stream.length; size++) {
      const parser = new EventStreamParser();
      const events: string[] = [];
      for (let at = 0; at < stream.length; at += size) events.push(...parser.push(stream.slice(at, at + size)));
      expect(events).toEqual(['{"a":"é"}', '{"b":2}', "[DONE]"]);
    }
  });

  it("joins the lines of one event", () => {
    expect(new EventStreamParser().push("data: a\ndata: b\n\n")).toEqual(["a\nb"]);
  });

  it("passes over comments, other fields and events without data", () => {
    expect(new EventStreamParser().push(": ping\n\nevent: x\nid: 1\n\ndata:a\n\n")).toEqual(["a"]);
  });

  it("gives nothing of an event that has not ended", () => {
    expect(new EventStreamParser().push("data: half\n")).toEqual([]);
  });
});

describe("eventsOf", () => {
  it("puts characters together that were cut in two", async () => {
    const bytes = new TextEncoder().encode("data: né\n\n");
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const events: string[] = [];
    for await (const event of eventsOf(body)) events.push(event);
    expect(events).toEqual(["né"]);
  });
});
