import type { Translated } from "../../../../text/languages";

import type { en } from "./en";

export const fr: Translated<typeof en>["fr"] = {
  title: "Moteurs",
  about: "Ce qui écoute, réfléchit et parle pour les profils : où cela s’exécute, et si cela répond. Un test fait répondre un moteur une fois ; un service payant peut le facturer.",
  table: "Moteurs du serveur",
  engine: "Moteur",
  where: "Exécution",
  usedBy: "Utilisé par",
  state: "État",
  recognizer: "Reconnaît la parole",
  languageModel: "Écrit les réponses",
  synthesizer: "Parle",
  responder: "Écoute, réfléchit et parle",
  thisProcess: "Dans le processus du serveur",
  onDevice: "{where}, sur {device}",
  well: "Répond",
  partly: "Seules certaines adresses répondent",
  down: "Ne répond pas",
  unknown: "Pas encore testé",
  addressDown: "{url} ne répond pas et n’est plus sollicitée pendant un moment",
  addressLatency: "{url} répond en {ms} ms",
  speed: "Première réponse après {first} ms, complète après {whole} ms",
  speedWhole: "A répondu après {whole} ms",
  said: "A répondu : « {words} »",
  test: "Tester",
  testEngine: "Tester {engine}",
  testing: "Test de {engine}…",
  announceAnswers: "{engine} répond, après {first} ms.",
  announceFails: "{engine} ne répond pas.",
};
