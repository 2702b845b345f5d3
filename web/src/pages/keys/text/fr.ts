/** The words of the page of keys and addresses, in French. */

import type { Translation } from "../../../text/languages";

import type { en } from "./en";

export const fr: Translation<typeof en> = {
  title: "Clés et point de terminaison",
  description: "Ce qu’il faut à un programme pour accéder au compte {account} : une adresse, et une clé ou un jeton.",
  copyThis: "Copier {name}",
  loading: "Chargement…",
  endpoint: "Point de terminaison",
  endpointDescription: "Un seul serveur, aux adresses que chaque sorte de client attend.",
  azure: "Point de terminaison Azure OpenAI",
  azureHint: "Pour les clients AzureOpenAI",
  azureV1: "URL de base",
  azureV1Hint: "Pour les clients OpenAI, comme sur Azure",
  openai: "URL de base courte",
  openaiHint: "Pour les clients OpenAI, comme chez OpenAI",
  realtime: "Temps réel (WebSocket)",
  realtimeHint: "Avec ?model= et un déploiement",
  keys: "Clés",
  keysDescription:
    "Chacune ouvre tout dans ce compte. Gardez-les hors du code ; utilisez l’une et réservez l’autre pour le jour où vous remplacerez la première.",
  keysDisabled:
    "Les clés n’ouvrent rien ici : le compte n’accepte que les jetons de Microsoft Entra (disableLocalAuth). Les programmes se connectent avec DefaultAzureCredential ; pour accepter de nouveau les clés, mettez disableLocalAuth à false sur le compte.",
  key: "Clé {n}",
  show: "Afficher",
  hide: "Masquer",
  showKey: "Afficher la clé {n}",
  hideKey: "Masquer la clé {n}",
  keyIsShown: "La clé {n} est affichée",
  keyIsHidden: "La clé {n} est masquée",
  regenerate: "Régénérer",
  regenerateKey: "Régénérer la clé {n}",
  regenerateTitle: "Remplacer la clé {n} par une nouvelle ?",
  regenerateWarning:
    "La clé {n} actuelle cesse aussitôt de fonctionner : les programmes qui l’utilisent sont refusés avec 401, jusqu’à ce qu’ils aient la nouvelle. Cette action est irréversible.",
  regenerateAdvice:
    "Donnez d’abord la clé {other} à ces programmes, et aucun ne s’arrêtera. Les programmes qui se connectent par jeton continuent, et vous restez connecté ici.",
  renewed: "La clé {n} est nouvelle. Les programmes qui avaient l’ancienne ont besoin de la nouvelle, ou de la clé {other}.",
  environment: "Environnement",
  environmentDescription:
    "Ce que « {command} » affiche sur la machine du serveur : des lignes pour un shell, grâce auxquelles les programmes conçus pour Azure OpenAI trouvent ce serveur sans modification. Elles peuvent contenir des secrets.",
  withKey: "Avec la clé 1",
  showLines: "Afficher les lignes",
  hideLines: "Masquer les lignes",
  copyLines: "Copier les lignes",
  program: "Se connecter par le code",
  programDescription: "Le SDK d’OpenAI, avec cette adresse à la place de la sienne.",
  programmingLanguage: "Langage de programmation",
  programIn: "Programme en {language}",
  copyProgram: "Copier le programme",
  viewCode: "Composez une requête dans l’espace d’essai, et laissez « Voir le code » l’écrire pour vous",
};
