/** Which microphone to use, of those there are just now. */

import { Select } from "@fluentui/react-components";
import { useEffect, useState, type ReactNode } from "react";

import { microphones } from "../../audio/microphone";
import { useText } from "../../text/LanguageProvider";
import { text } from "./text";

export interface MicrophonePickerProps {
  /** Whether one is in use: the browser tells their names only then. */
  readonly isOpen: boolean;
  /** Undefined is the browser's choice. */
  readonly onChoose: (deviceId: string | undefined) => void;
}

export function MicrophonePicker({ isOpen, onChoose }: MicrophonePickerProps): ReactNode {
  const t = useText(text);
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  const [chosen, setChosen] = useState("");
  useEffect(() => {
    const list = (): void => {
      void microphones().then(setDevices);
    };
    list();
    if (!window.isSecureContext) return undefined;
    navigator.mediaDevices.addEventListener("devicechange", list);
    return () => {
      navigator.mediaDevices.removeEventListener("devicechange", list);
    };
  }, [isOpen]);
  // "default" is Chromium's name for its own choice, which is the first option here.
  const others = devices.filter(({ deviceId }) => deviceId !== "" && deviceId !== "default");
  return (
    <Select
      aria-label={t("microphone")}
      value={others.some(({ deviceId }) => deviceId === chosen) ? chosen : ""}
      onChange={(_event, { value }) => {
        setChosen(value);
        onChoose(value === "" ? undefined : value);
      }}
    >
      <option value="">{t("defaultMicrophone")}</option>
      {others.map(({ deviceId, label }, at) => (
        <option key={deviceId} value={deviceId}>
          {label === "" ? t("nthMicrophone", { n: at + 1 }) : label}
        </option>
      ))}
    </Select>
  );
}
