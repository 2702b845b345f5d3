/** Server-sent events: the data of each, from a stream of bytes cut anywhere. */

/** Collects the lines of a stream and gives the data of every event that is whole. */
export class EventStreamParser {
  private rest = "";
  private data: string[] = [];

  /** Take the next characters. Returns the data of the events that ended in them. */
  push(text: string): string[] {
    const events: string[] = [];
    // A carriage return at the end may be half of a line's end: it waits for what follows.
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (this.data.length > 0) events.push(this.data.join("\n"));
        this.data = [];
      } else if (line.startsWith("data:")) {
        this.data.push(line.slice(5).replace(/^ /, ""));
      }
    }
    return events;
  }
}

/** The data of each event of the stream. Leaving the loop gives the connection up. */
export async function* eventsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const parser = new EventStreamParser();
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser.push(value);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
