/** How loud the microphone is just now. */

import { useEffect, useState, type ReactNode } from "react";

import { LevelMeter } from "../../audio/LevelMeter";
import { useText } from "../../text/LanguageProvider";
import type { Levels } from "./session/levels";
import { text } from "./text";

const SHOWN_EVERY_MS = 80;

export function MicrophoneLevel({ levels, isLive }: { readonly levels: Levels; readonly isLive: boolean }): ReactNode {
  const t = useText(text);
  const [level, setLevel] = useState(0);
  useEffect(() => {
    if (!isLive) return undefined;
    const timer = setInterval(() => {
      setLevel(levels.latest("user"));
    }, SHOWN_EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, [levels, isLive]);
  return <LevelMeter level={isLive ? level : 0} label={t("level")} />;
}
