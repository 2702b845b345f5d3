/** Puts text on the clipboard, also where the browser has no clipboard for pages that came over plain http. */

/** Throws where the browser does not let it. */
export async function copyText(text: string): Promise<void> {
  if (window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // The event is made by the command, and takes the text without any field to select it in.
  const take = (event: ClipboardEvent): void => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", take, { once: true });
  try {
    if (!document.execCommand("copy")) throw new Error("The browser forbids copying.");
  } finally {
    document.removeEventListener("copy", take);
  }
}
