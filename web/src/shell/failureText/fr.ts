/** What is said in French of a page that cannot be opened, or that failed. */

import type { Translation } from "../../text/languages";

import type { en } from "./en";

export const fr: Translation<typeof en> = {
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
};
