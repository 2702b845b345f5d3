/** The frame of the page: what there is on the left, the page that is open beside it. */

import { makeStyles, tokens } from "@fluentui/react-components";
import { useEffect, useState, type ReactNode } from "react";

import { useText } from "../text/LanguageProvider";
import { Header } from "./Header";
import { KeptContext } from "./kept";
import { Navigation } from "./Navigation";
import { OngoingBar } from "./OngoingBar";
import { PageOpenContext } from "./pageOpen";
import { PageSlot } from "./PageSlot";
import { PAGES } from "./pages";
import { useRoute } from "./route";
import { text } from "./text";

const NARROW = "@media (max-width: 720px)";

const useStyles = makeStyles({
  shell: { display: "grid", gridTemplateRows: "auto 1fr", height: "100%" },
  body: {
    display: "grid",
    gridTemplateColumns: "auto 1fr",
    minHeight: 0,
    [NARROW]: { gridTemplateColumns: "1fr", gridTemplateRows: "1fr auto" },
  },
  main: {
    minWidth: 0,
    minHeight: 0,
    overflow: "auto",
    backgroundColor: tokens.colorNeutralBackground1,
    borderTopLeftRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow4,
    [NARROW]: { borderRadius: 0, gridRow: 1 },
  },
  ground: { backgroundColor: tokens.colorNeutralBackground3 },
});

export function Shell(): ReactNode {
  const styles = useStyles();
  const t = useText(text);
  const route = useRoute();
  const open = PAGES.find((page) => page.route === route) ?? PAGES[0];
  const [kept] = useState(() => new Map<string, unknown>());
  const [visited, setVisited] = useState<ReadonlySet<string>>(new Set());
  if (open !== undefined && !visited.has(open.route)) setVisited(new Set([...visited, open.route]));
  useEffect(() => {
    document.title = open === undefined ? "Antiphon" : `${t(open.title)} – Antiphon`;
  }, [open, t]);
  return (
    <div className={`${styles.shell} ${styles.ground}`}>
      <div>
        <Header />
        <OngoingBar open={open?.route ?? ""} />
      </div>
      <div className={styles.body}>
        <Navigation open={open?.route ?? ""} />
        {/* A page that was opened once stays: a conversation goes on where it was left. */}
        {PAGES.filter((page) => visited.has(page.route)).map((page) => (
          <main key={page.route} className={styles.main} hidden={page !== open} aria-label={t(page.title)}>
            <PageOpenContext value={page === open}>
              <KeptContext value={kept}>
                <PageSlot page={page} />
              </KeptContext>
            </PageOpenContext>
          </main>
        ))}
      </div>
    </div>
  );
}
