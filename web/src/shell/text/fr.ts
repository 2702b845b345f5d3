/** The words around the pages, in French. */

import type { Translation } from "../../text/languages";

import type { en } from "./en";

export const fr: Translation<typeof en> = {
  pages: "Pages",
  playgrounds: "Essais",
  administration: "Ressource",
  chat: "Conversation",
  realtime: "Audio en temps réel",
  deployments: "Déploiements",
  models: "Modèles",
  keys: "Clés et point de terminaison",
  roles: "Rôles",
  records: "Enregistrements",
  opening: "Ouverture…",
  language: "Langue",
  colors: "Couleurs",
  system: "Comme le système",
  light: "Clair",
  dark: "Sombre",
  signedInAs: "Connecté en tant que {name}",
  signOut: "Se déconnecter",
  signInTitle: "Se connecter à Antiphon",
  signInAdvice:
    "Ouvrez le lien que le serveur a affiché à son démarrage. Pour un nouveau lien, exécutez ceci sur la machine du serveur :",
  expiredTitle: "Votre session a pris fin",
  expiredAdvice:
    "Rien n’est perdu : reconnectez-vous et continuez. Ouvrez un nouveau lien dans cet onglet, ou dans un autre avant de revenir ici. Pour en obtenir un, exécutez sur la machine du serveur :",
  badCodeTitle: "Ce lien ne fonctionne plus",
  badCodeAdvice:
    "Chaque lien permet une seule connexion, dans l’heure. Pour un nouveau lien, exécutez ceci sur la machine du serveur :",
  unreachableTitle: "Le serveur ne répond pas",
  unreachableAdvice: "Il démarre peut-être, ou il s’est arrêté. Démarrez-le, puis réessayez.",
  entraTitle: "Microsoft Entra a refusé la connexion",
  entraRefusedAdvice:
    "Entra a refusé la connexion. Essayez un autre compte ou demandez l’accès à l’administrateur du serveur.",
  entraUnreachableAdvice: "Le serveur n’a pas pu joindre Entra. Vérifiez son réseau, puis réessayez.",
  entraExpiredAdvice: "La connexion a pris trop de temps ou a commencé dans un autre onglet. Recommencez-la.",
  withEntra: "Se connecter avec Microsoft Entra",
  tryAgain: "Réessayer",
  signedInElsewhere: "Je suis connecté",
  recordingGoesOn: "Le microphone est ouvert : un message est en cours d’enregistrement.",
  conversationHears: "Le microphone est ouvert : une conversation en temps réel est en cours.",
  conversationMuted: "Une conversation en temps réel est en cours. Le microphone est coupé.",
  conversationGoesOn: "Une conversation en temps réel est en cours. Le microphone est fermé.",
  goBackTo: "Aller à {page}",
  endRecording: "Arrêter l’enregistrement",
  endConversation: "Terminer la conversation",
};
