/** The way to every page. */

import { Caption1, Link, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

import { useText } from "../text/LanguageProvider";
import { ADMINISTRATION, PLAYGROUNDS, type Page } from "./pages";
import { addressOf } from "./route";
import { text } from "./text";

const NARROW = "@media (max-width: 720px)";

const useStyles = makeStyles({
  navigation: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXXS,
    width: "208px",
    padding: tokens.spacingHorizontalS,
    overflowY: "auto",
    [NARROW]: {
      gridRow: 2,
      flexDirection: "row",
      width: "100%",
      boxSizing: "border-box",
      overflowX: "auto",
      borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    },
  },
  heading: {
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalXS}`,
    color: tokens.colorNeutralForeground3,
    [NARROW]: { display: "none" },
  },
  link: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    fontSize: tokens.fontSizeBase300,
    ":hover": { backgroundColor: tokens.colorNeutralBackground3Hover, textDecorationLine: "none" },
    [NARROW]: {
      flexDirection: "column",
      gap: tokens.spacingVerticalXXS,
      fontSize: tokens.fontSizeBase100,
      padding: tokens.spacingHorizontalS,
      flexShrink: 0,
    },
  },
  open: {
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorBrandForeground1,
    fontWeight: tokens.fontWeightSemibold,
    boxShadow: tokens.shadow2,
  },
  icon: { fontSize: "20px", flexShrink: 0 },
});

export function Navigation({ open }: { readonly open: string }): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const linkTo = (page: Page): ReactNode => (
    <Link
      key={page.route}
      href={addressOf(page.route)}
      className={mergeClasses(styles.link, page.route === open && styles.open)}
      aria-current={page.route === open ? "page" : undefined}
    >
      <page.icon className={styles.icon} />
      {t(page.title)}
    </Link>
  );
  return (
    <nav className={styles.navigation} aria-label={t("pages")}>
      <Caption1 className={styles.heading}>{t("playgrounds")}</Caption1>
      {PLAYGROUNDS.map(linkTo)}
      <Caption1 className={styles.heading}>{t("administration")}</Caption1>
      {ADMINISTRATION.map(linkTo)}
    </nav>
  );
}
