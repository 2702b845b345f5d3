/** The top of the page: whose it is, who is signed in, and in which language and colours. */

import {
  Button,
  makeStyles,
  Menu,
  MenuDivider,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Subtitle2,
  Tag,
  tokens,
} from "@fluentui/react-components";
import { DarkThemeRegular, LocalLanguageRegular, PersonRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";

import { signOut } from "../api/session";
import { isLanguage, LANGUAGES } from "../text/languages";
import { useLanguage, useText } from "../text/LanguageProvider";
import { Logo } from "./Logo";
import { useSession } from "./sessionContext";
import { text } from "./text";
import { COLOR_SCHEMES, useColorScheme, type ColorScheme } from "./ThemeProvider";

const useStyles = makeStyles({
  header: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
  },
  space: { flexGrow: 1 },
  account: { "@media (max-width: 480px)": { display: "none" } },
});

export function Header(): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const session = useSession();
  return (
    <header className={styles.header}>
      <Logo />
      <Subtitle2>Antiphon</Subtitle2>
      <Tag appearance="outline" size="small" className={styles.account}>
        {session.account.name}
      </Tag>
      <span className={styles.space} />
      <LanguageMenu />
      <ColorMenu />
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" icon={<PersonRegular />} aria-label={t("signedInAs", { name: session.principal.name })} />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem disabled>{session.principal.name}</MenuItem>
            <MenuDivider />
            <MenuItem
              onClick={() => {
                void signOut().finally(() => {
                  window.location.reload();
                });
              }}
            >
              {t("signOut")}
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
    </header>
  );
}

function LanguageMenu(): ReactNode {
  const t = useText(text);
  const { language, setLanguage } = useLanguage();
  return (
    <Menu
      checkedValues={{ language: [language] }}
      onCheckedValueChange={(_event, { checkedItems: [code] }) => {
        if (code !== undefined && isLanguage(code)) setLanguage(code);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<LocalLanguageRegular />} aria-label={t("language")} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <MenuItemRadio key={code} name="language" value={code} lang={code}>
              {name}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function ColorMenu(): ReactNode {
  const t = useText(text);
  const { scheme, setScheme } = useColorScheme();
  return (
    <Menu
      checkedValues={{ scheme: [scheme] }}
      onCheckedValueChange={(_event, { checkedItems: [chosen] }) => {
        setScheme((chosen ?? "system") as ColorScheme);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<DarkThemeRegular />} aria-label={t("colors")} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {COLOR_SCHEMES.map((each) => (
            <MenuItemRadio key={each} name="scheme" value={each}>
              {t(each)}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
