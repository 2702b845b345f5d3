/** What is said in Italian of a page that cannot be opened, or that failed. */

import type { Translation } from "../../text/languages";

import type { en } from "./en";

export const it: Translation<typeof en> = {
  unreachableTitle: "Impossibile aprire questa pagina",
  unreachableAdvice: "Il server non risponde: forse si sta riavviando, oppure si è arrestato. Tutto il resto è conservato.",
  upgradedTitle: "Antiphon è stato aggiornato",
  upgradedAdvice:
    "Questa pagina appartiene alla nuova versione: ricaricare per aprirla. Fino ad allora le pagine già aperte continuano a funzionare. Ricaricando, il testo scritto nella chat è conservato, la conversazione no.",
  failedTitle: "Errore in questa pagina",
  failedAdvice: "Le altre pagine continuano a funzionare e nulla vi è andato perso. Causa: {reason}",
  looking: "Ricerca della causa…",
  retry: "Riprova",
  reload: "Ricarica",
};
