/** Copies, and says so: with a tick, and to screen readers. */

import { Button, Tooltip, useAnnounce, type ButtonProps } from "@fluentui/react-components";
import { CheckmarkRegular, CopyRegular, DismissRegular } from "@fluentui/react-icons";
import { useEffect, useState, type ReactNode } from "react";

import { useText } from "../text/LanguageProvider";
import { copyText } from "./clipboard";
import { furnitureText } from "./furnitureText";

const SAID_MS = 2000;

export interface CopyButtonProps {
  /** What is copied, in words: "Copy key 1". */
  readonly label: string;
  /** A function is asked only when the button is pressed: for what should not be in the page before. */
  readonly content: string | (() => Promise<string>);
  /** Shows the label beside the icon. */
  readonly isWide?: boolean;
  readonly appearance?: ButtonProps["appearance"];
  readonly size?: ButtonProps["size"];
  readonly disabled?: boolean;
  /** Is told why `content` was not to be had; the button itself only says that copying failed. */
  readonly onError?: (error: unknown) => void;
}

const ICONS = { idle: <CopyRegular />, copied: <CheckmarkRegular />, failed: <DismissRegular /> } as const;

export function CopyButton({
  label,
  content,
  isWide = false,
  appearance = "subtle",
  size = "medium",
  disabled = false,
  onError,
}: CopyButtonProps): ReactNode {
  const t = useText(furnitureText);
  const { announce } = useAnnounce();
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  const [isPointedAt, setIsPointedAt] = useState(false);
  useEffect(() => {
    if (state === "idle") return;
    const timer = window.setTimeout(() => {
      setState("idle");
    }, SAID_MS);
    return () => {
      window.clearTimeout(timer);
    };
  }, [state]);
  const say = (next: "copied" | "failed"): void => {
    setState(next);
    announce(t(next === "copied" ? "copied" : "notCopied"));
  };
  const copy = async (): Promise<void> => {
    try {
      await copyText(typeof content === "string" ? content : await content());
      say("copied");
    } catch (error) {
      say("failed");
      onError?.(error);
    }
  };
  const shown = state === "idle" ? label : t(state === "copied" ? "copied" : "notCopied");
  const button = (
    <Button
      appearance={appearance}
      size={size}
      icon={ICONS[state]}
      disabled={disabled}
      {...(isWide ? {} : { "aria-label": label })}
      onClick={() => void copy()}
    >
      {isWide ? shown : null}
    </Button>
  );
  return isWide ? (
    button
  ) : (
    <Tooltip
      content={shown}
      relationship="description"
      visible={isPointedAt || state !== "idle"}
      onVisibleChange={(_event, { visible }) => {
        setIsPointedAt(visible);
      }}
    >
      {button}
    </Tooltip>
  );
}
