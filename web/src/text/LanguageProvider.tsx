/** Which language the page speaks, for everything inside it. */

import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";

import { remembered } from "../shell/remembered";
import { fill, isLanguage, preferredLanguage, type Language, type Translated, type Values } from "./languages";

interface Spoken {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

const LanguageContext = createContext<Spoken | null>(null);
const chosen = remembered("language", isLanguage);

export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState<Language>(() => chosen.get() ?? preferredLanguage(navigator.languages));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const spoken = useMemo(
    () => ({
      language,
      setLanguage: (code: Language) => {
        chosen.set(code);
        setLanguage(code);
      },
    }),
    [language],
  );
  return <LanguageContext value={spoken}>{children}</LanguageContext>;
}

export function useLanguage(): Spoken {
  const spoken = use(LanguageContext);
  if (spoken === null) throw new Error("LanguageProvider is missing");
  return spoken;
}

/** Looks words up in the language spoken now: `const t = useText(text); t("send")`. */
export function useText<Key extends string>(
  translated: Translated<Readonly<Record<Key, string>>>,
): (key: Key, values?: Values) => string {
  const { language } = useLanguage();
  return useMemo(() => (key, values) => fill(translated[language][key], values), [translated, language]);
}
