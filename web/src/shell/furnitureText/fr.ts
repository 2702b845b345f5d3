/** The words in French of what pages have in common: errors, confirmations, copying. */

import type { Translation } from "../../text/languages";

import type { en } from "./en";

export const fr: Translation<typeof en> = {
  loading: "Chargement…",
  tryAgain: "Réessayer",
  cancel: "Annuler",
  typeName: "Pour confirmer, saisissez {name}",
  copied: "Copié",
  notCopied: "Impossible de copier",
  unreachable: "Le serveur ne répond pas.",
  unreachableAdvice:
    "Il redémarre peut-être. Ce que vous voyez est le dernier état connu ; la page continue d’essayer.",
  sessionOver: "Votre session a pris fin.",
  sessionOverAdvice: "Reconnectez-vous ; rien n’est perdu ici.",
  forbidden: "Vous n’êtes pas autorisé à faire cela.",
  forbiddenAdvice:
    "Il faut le rôle {role} sur ce compte. La personne qui administre le serveur peut vous l’attribuer.",
  yourObjectId: "Il lui faut votre identifiant d’objet : {id}.",
  gone: "Cet élément n’existe plus.",
  goneAdvice: "Quelqu’un l’a peut-être supprimé entre-temps.",
  busy: "Trop de demandes à la fois.",
  serverFailed: "Le serveur a rencontré une erreur.",
  refused: "Le serveur a refusé cette demande.",
  failed: "Cela n’a pas fonctionné.",
  secureAddress: "Pour être entendu, ouvrez le portail par https :",
  secureWarning: "Le navigateur peut vous avertir, car le certificat est celui du serveur lui-même.",
  secureSignIn: "Pour un lien qui y connecte, exécutez ceci sur la machine du serveur :",
  noSecureAddress:
    "Ce serveur n’offre que http : pour être entendu, démarrez-le avec --tls-port, ou ouvrez le portail comme localhost sur sa propre machine.",
};
