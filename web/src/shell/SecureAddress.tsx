/** Where the page may hear the microphone: by https, or on the server's own machine. */

import { Link, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

import { serverRoot } from "../api/http";
import { useText } from "../text/LanguageProvider";
import { commandAboutServer, secureRoot } from "./serverCommands";
import { useSession } from "./sessionContext";
import { furnitureText } from "./furnitureText";
import { useRoute } from "./route";

const useStyles = makeStyles({
  command: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: "anywhere" },
  link: { overflowWrap: "anywhere" },
});

export function SecureAddress(): ReactNode {
  const styles = useStyles();
  const t = useText(furnitureText);
  const { server, principal } = useSession();
  const route = useRoute();
  const root = secureRoot(serverRoot, server);
  if (root === null) return t("noSecureAddress");
  const address = new URL(`portal/#/${route}`, root).href;
  return (
    <>
      {t("secureAddress")}{" "}
      <Link href={address} target="_blank" rel="noreferrer" inline className={styles.link}>
        {address}
      </Link>
      . {t("secureWarning")}
      {principal.is_operator && (
        <>
          {" "}
          {t("secureSignIn")}{" "}
          <code className={styles.command}>
            {commandAboutServer(server, `portal --url ${root.href.replace(/\/$/, "")}`)}
          </code>
        </>
      )}
    </>
  );
}
