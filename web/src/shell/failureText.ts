/** What is said of a page that cannot be opened, or that failed. */

import { words } from "../text/languages";

export const failureText = words(
  {
    unreachableTitle: "This page could not be opened",
    unreachableAdvice: "The server does not answer: it may be restarting, or it has stopped. Everything else here is kept.",
    upgradedTitle: "Antiphon was upgraded",
    upgradedAdvice:
      "This page belongs to the new version: reload to open it. Until then, the pages that are open go on working. What you have typed in the chat is kept when you reload; its conversation is not.",
    failedTitle: "This page failed",
    failedAdvice: "The other pages go on working, and nothing in them is lost. What went wrong: {reason}",
    looking: "Looking what is wrong …",
    retry: "Try again",
    reload: "Reload",
  },
  {
    fr: {
      unreachableTitle: "Impossible d’ouvrir cette page",
      unreachableAdvice: "Le serveur ne répond pas : il redémarre peut-être, ou il s’est arrêté. Tout le reste est conservé.",
      upgradedTitle: "Antiphon a été mis à jour",
      upgradedAdvice:
        "Cette page appartient à la nouvelle version : rechargez pour l’ouvrir. D’ici là, les pages déjà ouvertes continuent de fonctionner. Au rechargement, le texte saisi dans la conversation est conservé, mais pas les échanges.",
      failedTitle: "Cette page a rencontré une erreur",
      failedAdvice: "Les autres pages continuent de fonctionner et rien n’y est perdu. Cause : {reason}",
      looking: "Recherche de la cause…",
      retry: "Réessayer",
      reload: "Recharger",
    },
    it: {
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
    },
  },
);
