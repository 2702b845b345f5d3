/** The words around the pages, in Italian. */

import type { Translation } from "../../text/languages";

import type { en } from "./en";

export const it: Translation<typeof en> = {
  pages: "Pagine",
  playgrounds: "Prove",
  administration: "Risorsa",
  chat: "Chat",
  realtime: "Audio in tempo reale",
  deployments: "Distribuzioni",
  models: "Modelli",
  keys: "Chiavi ed endpoint",
  roles: "Ruoli",
  records: "Registrazioni",
  opening: "Apertura…",
  language: "Lingua",
  colors: "Colori",
  system: "Come il sistema",
  light: "Chiaro",
  dark: "Scuro",
  signedInAs: "Accesso eseguito come {name}",
  signOut: "Esci",
  signInTitle: "Accedere ad Antiphon",
  signInAdvice:
    "Aprire il collegamento mostrato dal server all’avvio. Per ottenerne uno nuovo, eseguire sul computer del server:",
  expiredTitle: "La sessione è terminata",
  expiredAdvice:
    "Nulla è andato perso: accedere di nuovo e continuare. Aprire un nuovo collegamento in questa scheda, oppure in un’altra e poi tornare qui. Per ottenerne uno, eseguire sul computer del server:",
  badCodeTitle: "Questo collegamento non funziona più",
  badCodeAdvice:
    "Ogni collegamento vale per un solo accesso, entro un’ora. Per ottenerne uno nuovo, eseguire sul computer del server:",
  unreachableTitle: "Il server non risponde",
  unreachableAdvice: "Forse si sta avviando, oppure si è arrestato. Avviarlo, poi riprovare.",
  entraTitle: "Microsoft Entra non ha consentito l’accesso",
  entraRefusedAdvice:
    "Entra ha rifiutato l’accesso. Provare un altro account o chiedere l’accesso a chi gestisce il server.",
  entraUnreachableAdvice: "Il server non ha potuto raggiungere Entra. Controllarne la rete, poi riprovare.",
  entraExpiredAdvice: "L’accesso ha richiesto troppo tempo o è iniziato in un’altra scheda. Ricominciare.",
  withEntra: "Accedi con Microsoft Entra",
  tryAgain: "Riprova",
  signedInElsewhere: "Ho eseguito l’accesso",
  recordingGoesOn: "Il microfono è attivo: è in corso la registrazione di un messaggio.",
  conversationHears: "Il microfono è attivo: è in corso una conversazione in tempo reale.",
  conversationMuted: "È in corso una conversazione in tempo reale. Il microfono è silenziato.",
  conversationGoesOn: "È in corso una conversazione in tempo reale. Il microfono è spento.",
  goBackTo: "Vai a {page}",
  endRecording: "Ferma la registrazione",
  endConversation: "Termina la conversazione",
};
