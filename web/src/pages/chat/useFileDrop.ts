/** Files that are dropped anywhere on the page. */

import { useEffect, useState } from "react";

/** Returns whether files are held over the page. */
export function useFileDrop(isActive: boolean, onFiles: (files: readonly File[]) => void): boolean {
  const [depth, setDepth] = useState(0);
  useEffect(() => {
    if (!isActive) return;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true;
    // Without this the browser would open the file in place of the page.
    const over = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    // Entering an element comes before leaving the one around it.
    const enter = (event: DragEvent): void => {
      if (hasFiles(event)) setDepth((known) => known + 1);
    };
    const leave = (event: DragEvent): void => {
      if (hasFiles(event)) setDepth((known) => Math.max(0, known - 1));
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setDepth(0);
      onFiles([...(event.dataTransfer?.files ?? [])]);
    };
    const listeners = { dragover: over, dragenter: enter, dragleave: leave, drop } as const;
    for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name as keyof typeof listeners, listener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) window.removeEventListener(name as keyof typeof listeners, listener);
      setDepth(0);
    };
  }, [isActive, onFiles]);
  return depth > 0;
}
