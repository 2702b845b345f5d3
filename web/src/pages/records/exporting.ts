/** Files that the page hands to the user. */

const KEPT_MS = 60_000;

/** The bytes of a response as they come, told as they grow. Rejects where the response breaks off. */
export async function receive(response: Response, onBytes: (bytes: number) => void): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    chunks.push(read.value);
    bytes += read.value.byteLength;
    onBytes(bytes);
  }
  return new Blob(chunks, { type: response.headers.get("Content-Type") ?? "" });
}

/** As if the user had followed a link to a file. */
export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  window.setTimeout(() => {
    URL.revokeObjectURL(link.href); // Not at once: some browsers begin to read it only afterwards.
  }, KEPT_MS);
}
