/** The portal's colours: Fluent's, with our indigo for its blue. */

import { createDarkTheme, createLightTheme, type BrandVariants, type Theme } from "@fluentui/react-components";

const INDIGO: BrandVariants = {
  10: "#05030f",
  20: "#16122f",
  30: "#241d52",
  40: "#2f266e",
  50: "#3a3089",
  60: "#453aa0",
  70: "#4f46b8",
  80: "#5c55c6",
  90: "#6b66d0",
  100: "#7b77d9",
  110: "#8b89e1",
  120: "#9c9be8",
  130: "#adadee",
  140: "#bfc0f3",
  150: "#d1d2f8",
  160: "#e4e5fc",
};

export const lightTheme: Theme = createLightTheme(INDIGO);

const dark = createDarkTheme(INDIGO);

/** On dark grounds, indigo text has to be lighter to be read. */
export const darkTheme: Theme = {
  ...dark,
  colorBrandForeground1: INDIGO[120],
  colorBrandForeground2: INDIGO[130],
  colorBrandForegroundLink: INDIGO[130],
  colorBrandForegroundLinkHover: INDIGO[140],
  colorCompoundBrandForeground1: INDIGO[120],
};
