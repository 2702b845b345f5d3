/** What is seen before the first message: what to do here, and three ways to begin. */

import { Body1, Caption1, makeStyles, Text, Title2, tokens } from "@fluentui/react-components";
import { BookOpenRegular, ChatHelpRegular, PersonVoiceRegular, type FluentIcon } from "@fluentui/react-icons";
import type { ReactNode } from "react";

import type { Language } from "../../text/languages";
import { useLanguage, useText } from "../../text/LanguageProvider";
import { clipOfFile } from "./clips";
import type { Question } from "./conversation";
import english from "./examples/question-en.mp3";
import french from "./examples/question-fr.mp3";
import italian from "./examples/question-it.mp3";
import { text } from "./text";

/** One question, spoken in each language. */
const SPOKEN: Readonly<Record<Language, string>> = { en: english, fr: french, it: italian };

const useStyles = makeStyles({
  welcome: {
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    justifyContent: "center",
    gap: tokens.spacingVerticalM,
    margin: "auto 0",
  },
  advice: { color: tokens.colorNeutralForeground2, maxWidth: "480px" },
  examples: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(200px, 1fr))",
    gap: tokens.spacingHorizontalM,
    width: "100%",
    marginTop: tokens.spacingVerticalM,
  },
  example: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXS,
    textAlign: "left",
    fontFamily: tokens.fontFamilyBase,
    color: tokens.colorNeutralForeground1,
    padding: tokens.spacingHorizontalL,
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow2,
    cursor: "pointer",
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover, boxShadow: tokens.shadow8 },
    ":active": { backgroundColor: tokens.colorNeutralBackground1Pressed },
    ":disabled": { cursor: "not-allowed", color: tokens.colorNeutralForegroundDisabled, boxShadow: "none" },
  },
  icon: { fontSize: "24px", color: tokens.colorBrandForeground1 },
  title: { margin: 0 },
  label: { color: tokens.colorNeutralForeground2 },
});

interface WelcomeProps {
  readonly isDisabled: boolean;
  readonly onAsk: (question: Question) => void;
}

export function Welcome({ isDisabled, onAsk }: WelcomeProps): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const { language } = useLanguage();
  const askAloud = async (): Promise<void> => {
    const recording = await (await fetch(SPOKEN[language])).blob();
    const clip = await clipOfFile(new File([recording], `${t("exampleSpoken")}.mp3`));
    onAsk({ text: "", clips: [clip] });
  };
  const example = (icon: FluentIcon, label: string, question: string, ask: () => void): ReactNode => (
    <Example icon={icon} label={label} question={question} isDisabled={isDisabled} onClick={ask} />
  );
  return (
    <div className={styles.welcome}>
      <Title2 as="h2" className={styles.title} align="center">{t("welcome")}</Title2>
      <Body1 align="center" className={styles.advice}>{t("welcomeAdvice")}</Body1>
      <div className={styles.examples}>
        {example(PersonVoiceRegular, t("exampleSpokenLabel"), t("exampleSpoken"), () => void askAloud())}
        {example(ChatHelpRegular, t("exampleTextLabel"), t("exampleText"), () => {
          onAsk({ text: t("exampleText"), clips: [] });
        })}
        {example(BookOpenRegular, t("exampleStoryLabel"), t("exampleStory"), () => {
          onAsk({ text: t("exampleStory"), clips: [] });
        })}
      </div>
    </div>
  );
}

interface ExampleProps {
  readonly icon: FluentIcon;
  readonly label: string;
  readonly question: string;
  readonly isDisabled: boolean;
  readonly onClick: () => void;
}

function Example({ icon: Icon, label, question, isDisabled, onClick }: ExampleProps): ReactNode {
  const styles = useStyles();
  return (
    <button type="button" disabled={isDisabled} className={styles.example} onClick={onClick}>
      <Icon className={styles.icon} />
      <Caption1 className={styles.label}>{label}</Caption1>
      <Text>{question}</Text>
    </button>
  );
}
