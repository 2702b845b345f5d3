/** A recording of a record, once it is to be seen: fetched, and measured for its waveform. */

import { useEffect, useState, type RefObject } from "react";

import { readAudio } from "../../api/records";
import { peaksOf, SAMPLE_RATE, toInt16 } from "../../audio/pcm";

const BARS = 64;

export interface Recording {
  /** Of the bytes, for the browser's player; null before they are there. */
  readonly url: string | null;
  /** Null where the browser cannot tell, or not yet. */
  readonly peaks: readonly number[] | null;
  readonly hasFailed: boolean;
}

const NOTHING: Recording = { url: null, peaks: null, hasFailed: false };

/** Whether the element was on the screen: a long conversation has megabytes of sound that nobody may want. */
export function useWasSeen(element: RefObject<Element | null>): boolean {
  const [wasSeen, setWasSeen] = useState(false);
  useEffect(() => {
    if (element.current === null || wasSeen) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setWasSeen(true);
    });
    observer.observe(element.current);
    return () => {
      observer.disconnect();
    };
  }, [element, wasSeen]);
  return wasSeen;
}

/** Fetches while `isWanted`; `attempt` counts how often it was tried. */
export function useRecording(recordId: string, name: string, isWanted: boolean, attempt: number): Recording {
  const [recording, setRecording] = useState<Recording>(NOTHING);
  useEffect(() => {
    if (!isWanted) return;
    const abort = new AbortController();
    let url: string | null = null;
    const fetchIt = async (): Promise<void> => {
      const blob = await readAudio(recordId, name, abort.signal);
      if (abort.signal.aborted) return;
      url = URL.createObjectURL(blob);
      setRecording({ url, peaks: null, hasFailed: false });
      const peaks = await peaksOfFile(blob);
      if (!abort.signal.aborted) setRecording({ url, peaks, hasFailed: false });
    };
    fetchIt().catch(() => {
      if (!abort.signal.aborted) setRecording({ ...NOTHING, hasFailed: true });
    });
    return () => {
      abort.abort();
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [recordId, name, isWanted, attempt]);
  return recording;
}

/** Null for a file that the browser cannot read. */
async function peaksOfFile(blob: Blob): Promise<readonly number[] | null> {
  try {
    const sound = await new OfflineAudioContext(1, 1, SAMPLE_RATE).decodeAudioData(await blob.arrayBuffer());
    return peaksOf(toInt16(sound.getChannelData(0)), BARS);
  } catch {
    return null;
  }
}
