/** The functions that the model may call. */

import { Body1Strong, Button, Caption1, makeStyles, Subtitle2, tokens } from "@fluentui/react-components";
import { AddRegular, DeleteRegular, EditRegular, WeatherSunnyRegular } from "@fluentui/react-icons";
import { useState, type ReactNode } from "react";

import { useText } from "../../text/LanguageProvider";
import { EXAMPLE, type Tool } from "./session/tools";
import { text } from "./text";
import { ToolDialog } from "./ToolDialog";

const useStyles = makeStyles({
  tools: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, alignItems: "stretch" },
  title: { margin: 0 },
  hint: { color: tokens.colorNeutralForeground3 },
  tool: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS}`,
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  name: { flexGrow: 1, minWidth: 0, display: "flex", flexDirection: "column", overflowWrap: "anywhere" },
});

export interface ToolsProps {
  readonly tools: readonly Tool[];
  readonly onChange: (tools: readonly Tool[]) => void;
}

const EMPTY: Tool = { name: "", description: "", parameters: '{\n  "type": "object",\n  "properties": {}\n}', answer: "" };

export function Tools({ tools, onChange }: ToolsProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  /** Which one is being edited; one past the last is a new one. */
  const [edited, setEdited] = useState<number | null>(null);
  return (
    <section className={styles.tools} aria-label={t("tools")}>
      <Subtitle2 as="h2" className={styles.title}>
        {t("tools")}
      </Subtitle2>
      <Caption1 className={styles.hint}>{t("toolsHint")}</Caption1>
      {tools.map((tool, at) => (
        <div key={tool.name} className={styles.tool}>
          <div className={styles.name}>
            <Body1Strong>{tool.name}</Body1Strong>
            <Caption1 className={styles.hint}>{t(tool.answer === "" ? "answeredByHand" : "answersItself")}</Caption1>
          </div>
          <Button
            appearance="subtle"
            icon={<EditRegular />}
            aria-label={t("editTool", { name: tool.name })}
            onClick={() => {
              setEdited(at);
            }}
          />
          <Button
            appearance="subtle"
            icon={<DeleteRegular />}
            aria-label={t("removeTool", { name: tool.name })}
            onClick={() => {
              onChange(tools.toSpliced(at, 1));
            }}
          />
        </div>
      ))}
      <Button
        icon={<AddRegular />}
        onClick={() => {
          setEdited(tools.length);
        }}
      >
        {t("addTool")}
      </Button>
      {!tools.some(({ name }) => name === EXAMPLE.name) && (
        <Button
          appearance="subtle"
          icon={<WeatherSunnyRegular />}
          onClick={() => {
            onChange([...tools, EXAMPLE]);
          }}
        >
          {t("addExample")}
        </Button>
      )}
      {edited !== null && (
        <ToolDialog
          tool={tools[edited] ?? EMPTY}
          others={tools.toSpliced(edited, 1)}
          onSave={(tool) => {
            onChange(tools.toSpliced(edited, 1, tool));
            setEdited(null);
          }}
          onCancel={() => {
            setEdited(null);
          }}
        />
      )}
    </section>
  );
}
