/** Light or dark: as the system is, unless the user has chosen. */

import { FluentProvider, makeStaticStyles, makeStyles } from "@fluentui/react-components";
import { createContext, use, useMemo, useState, type ReactNode } from "react";

import { remembered } from "./remembered";
import { darkTheme, lightTheme } from "./themes";
import { useMediaQuery } from "./useMediaQuery";

export const COLOR_SCHEMES = ["system", "light", "dark"] as const;

export type ColorScheme = (typeof COLOR_SCHEMES)[number];

const isColorScheme = (value: string): value is ColorScheme => (COLOR_SCHEMES as readonly string[]).includes(value);
const chosen = remembered("color-scheme", isColorScheme);

const useDocumentStyles = makeStaticStyles({ body: { margin: 0 } });

/** Not of the FluentProvider itself: menus and tooltips, which stand beside the page, are given its classes too. */
const useStyles = makeStyles({ page: { height: "100dvh", overflow: "hidden" } });

interface Chosen {
  readonly scheme: ColorScheme;
  readonly setScheme: (scheme: ColorScheme) => void;
}

const ThemeContext = createContext<Chosen | null>(null);

export function ThemeProvider({ children }: { readonly children: ReactNode }): ReactNode {
  useDocumentStyles();
  const styles = useStyles();
  const [scheme, setScheme] = useState<ColorScheme>(() => chosen.get() ?? "system");
  const prefersDark = useMediaQuery("(prefers-color-scheme: dark)");
  const isDark = scheme === "system" ? prefersDark : scheme === "dark";
  const value = useMemo(
    () => ({
      scheme,
      setScheme: (next: ColorScheme) => {
        chosen.set(next);
        setScheme(next);
      },
    }),
    [scheme],
  );
  return (
    <ThemeContext value={value}>
      <FluentProvider theme={isDark ? darkTheme : lightTheme}>
        <div className={styles.page}>{children}</div>
      </FluentProvider>
    </ThemeContext>
  );
}

export function useColorScheme(): Chosen {
  const value = use(ThemeContext);
  if (value === null) throw new Error("ThemeProvider is missing");
  return value;
}
