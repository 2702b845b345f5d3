/** Plays a recording: its waveform is where to listen from. */

import { Button, Caption1, makeStyles, Spinner, Text, tokens, Tooltip } from "@fluentui/react-components";
import { ArrowDownloadRegular, PauseFilled, PlayFilled } from "@fluentui/react-icons";
import { useRef, useState, type ReactNode } from "react";

import { Waveform } from "../../audio/Waveform";
import { furnitureText } from "../../shell/furnitureText";
import { useText } from "../../text/LanguageProvider";
import { useRecording, useWasSeen } from "./recording";
import { text } from "./text";

const useStyles = makeStyles({
  player: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    minHeight: "40px",
    width: "100%",
    minWidth: 0,
  },
  waveform: { flexGrow: 1, minWidth: 0 },
  time: { fontVariantNumeric: "tabular-nums", color: tokens.colorNeutralForeground2, flexShrink: 0 },
  plain: { width: "100%", minWidth: 0 },
});

export interface RecordingPlayerProps {
  readonly recordId: string;
  readonly name: string;
}

export function RecordingPlayer({ recordId, name }: RecordingPlayerProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const tFurniture = useText(furnitureText);
  const frame = useRef<HTMLDivElement>(null);
  const wasSeen = useWasSeen(frame);
  const [attempt, setAttempt] = useState(0);
  const { url, peaks, hasFailed } = useRecording(recordId, name, wasSeen, attempt);
  return (
    <div ref={frame} className={styles.player}>
      {hasFailed ? (
        <>
          <Text>{t("audioFailed")}</Text>
          <Button
            size="small"
            onClick={() => {
              setAttempt(attempt + 1);
            }}
          >
            {tFurniture("tryAgain")}
          </Button>
        </>
      ) : url === null ? (
        <Spinner size="tiny" aria-label={t("fetchingAudio", { name })} />
      ) : (
        <>
          <Sound url={url} name={name} peaks={peaks} />
          <Tooltip content={t("download", { name })} relationship="label">
            <Button
              as="a"
              appearance="subtle"
              size="small"
              icon={<ArrowDownloadRegular />}
              href={url}
              download={`${recordId}.${fileName(name)}`}
            />
          </Tooltip>
        </>
      )}
    </div>
  );
}

/** The server gives raw audio, such as pcm16, as WAV files. */
function fileName(name: string): string {
  return name.replace(/\.(pcm16|g711_ulaw|g711_alaw)$/, ".wav");
}

interface SoundProps {
  readonly url: string;
  readonly name: string;
  readonly peaks: readonly number[] | null;
}

function Sound({ url, name, peaks }: SoundProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const audio = useRef<HTMLAudioElement>(null);
  const [isPlaying, setIsPlaying] = useState(false);
  const [at, setAt] = useState({ seconds: 0, of: 0 });
  const update = (): void => {
    const { currentTime = 0, duration = 0 } = audio.current ?? {};
    setAt({ seconds: currentTime, of: Number.isFinite(duration) ? duration : 0 });
  };
  return (
    <>
      <audio
        ref={audio}
        src={url}
        controls={peaks === null}
        aria-label={name}
        className={styles.plain}
        onLoadedMetadata={update}
        onTimeUpdate={update}
        onPlay={() => {
          setIsPlaying(true);
          for (const other of document.querySelectorAll("audio")) if (other !== audio.current) other.pause();
        }}
        onPause={() => {
          setIsPlaying(false);
        }}
      />
      {peaks !== null && (
        <>
          <Button
            shape="circular"
            icon={isPlaying ? <PauseFilled /> : <PlayFilled />}
            aria-label={t(isPlaying ? "pause" : "play", { name })}
            onClick={() => {
              if (isPlaying) audio.current?.pause();
              else void audio.current?.play();
            }}
          />
          <div className={styles.waveform}>
            <Waveform
              peaks={peaks}
              progress={at.of === 0 ? 0 : at.seconds / at.of}
              label={t("seek", { name })}
              onSeek={(position) => {
                if (audio.current !== null) audio.current.currentTime = position * at.of;
              }}
            />
          </div>
          <Caption1 className={styles.time}>
            {clock(at.seconds)} / {clock(at.of)}
          </Caption1>
        </>
      )}
    </>
  );
}

/** As 1:05. */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${String(Math.floor(whole / 60))}:${String(whole % 60).padStart(2, "0")}`;
}
