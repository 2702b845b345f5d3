/** Recording with the microphone, as far as the page shows it. */

import { useCallback, useEffect, useRef, useState } from "react";

import { milliseconds } from "../../audio/pcm";
import { Recorder, type Recorded } from "../../audio/recorder";
import { clipOfRecording, MAX_RECORDING_MS, type Clip } from "./clips";
import { faultOf, type Fault } from "./faults";

export interface Recording {
  /** Null while nothing is recorded. */
  readonly recorded: Recorded | null;
  readonly start: () => void;
  /** Ends it; the clip comes by `onClip`. */
  readonly stop: () => void;
  readonly discard: () => void;
}

/** Quieter than any room. */
const SILENCE = 0.0005;
const SHORTEST_MS = 200;

export function useRecording(onClip: (clip: Clip) => void, onFault: (fault: Fault | null) => void): Recording {
  const [recorded, setRecorded] = useState<Recorded | null>(null);
  const recorder = useRef<Promise<Recorder> | null>(null);
  const loudest = useRef(0);

  const end = useCallback(
    (isKept: boolean, reason: Fault | null) => {
      const ending = recorder.current;
      recorder.current = null;
      setRecorded(null);
      void ending?.then(async (ended) => {
        const samples = ended.stop();
        if (!isKept || milliseconds(samples.length) < SHORTEST_MS) return;
        const isSilent = loudest.current < SILENCE;
        onFault(reason ?? (isSilent ? { kind: "nothingHeard" } : null));
        if (!isSilent) onClip(await clipOfRecording(samples));
      }, () => undefined); // Whoever started it is told why it did not.
    },
    [onClip, onFault],
  );

  const start = useCallback(() => {
    if (recorder.current !== null) return;
    loudest.current = 0;
    onFault(null);
    setRecorded({ elapsedMs: 0, level: 0 });
    const starting = Recorder.start(
      (now) => {
        if (recorder.current !== starting) return;
        loudest.current = Math.max(loudest.current, now.level);
        setRecorded(now);
        if (now.elapsedMs >= MAX_RECORDING_MS - 100) end(true, { kind: "recordingFull" });
      },
      () => {
        if (recorder.current === starting) end(true, { kind: "unplugged" });
      },
    );
    recorder.current = starting;
    starting.catch((error: unknown) => {
      if (recorder.current !== starting) return;
      recorder.current = null;
      setRecorded(null);
      onFault(faultOf(error));
    });
  }, [end, onFault]);

  const stop = useCallback(() => {
    end(true, null);
  }, [end]);
  const discard = useCallback(() => {
    end(false, null);
  }, [end]);

  // No microphone stays open behind a page that is gone.
  useEffect(() => discard, [discard]);

  return { recorded, start, stop, discard };
}
