/** The words of the page of models, in French. */

import type { Translation } from "../../../text/languages";

import type { en } from "./en";

export const fr: Translation<typeof en> = {
  title: "Modèles",
  about:
    "Les poids qui écoutent, réfléchissent et parlent. Chacun est comparé au catalogue, octet par octet, avant d’être utilisé.",
  folder: "Dossier",
  free: "Espace libre",
  used: "Téléchargé",
  table: "Modèles du catalogue",
  model: "Modèle",
  license: "Licence",
  size: "Taille",
  usedBy: "Utilisé par",
  state: "État",
  noProfile: "Aucun profil",
  recognizer: "Reconnaît la parole",
  languageModel: "Rédige les réponses",
  synthesizer: "Parle",
  voices: "Voix pour parler",
  voiceActivity: "Entend si quelqu’un parle",
  endOfTurn: "Entend si l’interlocuteur a terminé",
  speakers: "Distingue les voix dans les transcriptions",
  whole: "Téléchargé et vérifié",
  unverified: "Téléchargé, pas encore vérifié",
  incomplete: "Téléchargé en partie",
  missing: "Non téléchargé",
  pulling: "Téléchargement",
  failed: "Échec du téléchargement",
  download: "Télécharger",
  downloadModel: "Télécharger {model}",
  goOn: "Continuer",
  goOnModel: "Continuer à télécharger {model}",
  verify: "Vérifier",
  verifyModel: "Vérifier {model}",
  tryAgain: "Réessayer",
  tryAgainModel: "Réessayer de télécharger {model}",
  progress: "{done} sur {total}",
  progressOf: "Téléchargement de {model}",
  noRoom: "Il faut {needed}, et {free} sont libres. Libérez d’abord de l’espace sur le disque du dossier.",
  announceStarted: "Le téléchargement de {model} a commencé. Il se poursuit même si cette page est fermée.",
  announceDone: "{model} est téléchargé et vérifié.",
  announceFailed: "{model} n’a pas pu être téléchargé.",
  ownTitle: "Vos propres modèles",
  ownAbout:
    "Partout où un profil d’antiphon.toml nomme un modèle du catalogue, il peut nommer un chemin : un fichier GGUF avec un modèle de conversation pour language_model, un dossier au format de faster-whisper (CTranslate2) pour recognizer, un fichier ONNX compatible avec Kokoro 1.0 pour synthesizer. Redémarrez ensuite le serveur.",
  ownExample: "Exemple pour antiphon.toml",
  copyExample: "Copier l’exemple",
  copyFolder: "Copier le chemin du dossier",
};
