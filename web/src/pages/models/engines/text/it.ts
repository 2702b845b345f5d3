import type { Translated } from "../../../../text/languages";

import type { en } from "./en";

export const it: Translated<typeof en>["it"] = {
  title: "Motori",
  about: "Ciò che ascolta, pensa e parla per i profili: dove viene eseguito e se risponde. Una prova fa rispondere un motore una volta; un servizio a pagamento può addebitarla.",
  table: "Motori del server",
  engine: "Motore",
  where: "Esecuzione",
  usedBy: "Usato da",
  state: "Stato",
  recognizer: "Riconosce il parlato",
  languageModel: "Scrive le risposte",
  synthesizer: "Parla",
  responder: "Ascolta, pensa e parla",
  thisProcess: "Nel processo del server",
  onDevice: "{where}, su {device}",
  well: "Risponde",
  partly: "Rispondono solo alcuni indirizzi",
  down: "Non risponde",
  unknown: "Non ancora provato",
  addressDown: "{url} non risponde e per un po’ non viene interpellato",
  addressLatency: "{url} risponde in {ms} ms",
  speed: "Prima risposta dopo {first} ms, completa dopo {whole} ms",
  speedWhole: "Ha risposto dopo {whole} ms",
  said: "Ha risposto: «{words}»",
  test: "Prova",
  testEngine: "Prova {engine}",
  testing: "Prova di {engine} in corso…",
  announceAnswers: "{engine} risponde, dopo {first} ms.",
  announceFails: "{engine} non risponde.",
};
