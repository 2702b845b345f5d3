/** The words of the page of keys and addresses, in Italian. */

import type { Translation } from "../../../text/languages";

import type { en } from "./en";

export const it: Translation<typeof en> = {
  title: "Chiavi ed endpoint",
  description: "Ciò che serve a un programma per accedere all’account {account}: un indirizzo e una chiave o un token.",
  copyThis: "Copia {name}",
  loading: "Caricamento…",
  endpoint: "Endpoint",
  endpointDescription: "Un solo server, con gli indirizzi che ogni tipo di client si aspetta.",
  azure: "Endpoint di Azure OpenAI",
  azureHint: "Per i client AzureOpenAI",
  azureV1: "URL di base",
  azureV1Hint: "Per i client OpenAI, come su Azure",
  openai: "URL di base breve",
  openaiHint: "Per i client OpenAI, come presso OpenAI",
  realtime: "Tempo reale (WebSocket)",
  realtimeHint: "Con ?model= e una distribuzione",
  keys: "Chiavi",
  keysDescription:
    "Entrambe aprono tutto in questo account. Tenerle fuori dal codice; usarne una e riservare l’altra per quando la prima verrà sostituita.",
  keysDisabled:
    "Qui le chiavi non aprono nulla: l’account accetta solo token di Microsoft Entra (disableLocalAuth). I programmi accedono con DefaultAzureCredential; per accettare di nuovo le chiavi, impostare disableLocalAuth su false nell’account.",
  key: "Chiave {n}",
  show: "Mostra",
  hide: "Nascondi",
  showKey: "Mostra la chiave {n}",
  hideKey: "Nascondi la chiave {n}",
  keyIsShown: "La chiave {n} è visibile",
  keyIsHidden: "La chiave {n} è nascosta",
  regenerate: "Rigenera",
  regenerateKey: "Rigenera la chiave {n}",
  regenerateTitle: "Sostituire la chiave {n} con una nuova?",
  regenerateWarning:
    "La chiave {n} attuale smette subito di funzionare: i programmi che la usano ricevono l’errore 401 finché non hanno quella nuova. L’operazione non si può annullare.",
  regenerateAdvice:
    "Dando prima a quei programmi la chiave {other}, nessuno di essi si ferma. I programmi che accedono con un token proseguono, e anche questa pagina.",
  renewed: "La chiave {n} è nuova. Ai programmi che avevano quella vecchia serve la nuova, oppure la chiave {other}.",
  environment: "Ambiente",
  environmentDescription:
    "Ciò che «{command}» stampa sul computer del server: righe per una shell, grazie alle quali i programmi scritti per Azure OpenAI trovano questo server senza modifiche. Possono contenere segreti.",
  withKey: "Con la chiave 1",
  showLines: "Mostra le righe",
  hideLines: "Nascondi le righe",
  copyLines: "Copia le righe",
  program: "Connettersi dal codice",
  programDescription: "L’SDK di OpenAI, con questo indirizzo al posto del suo.",
  programmingLanguage: "Linguaggio di programmazione",
  programIn: "Programma in {language}",
  copyProgram: "Copia il programma",
  viewCode: "Comporre una richiesta nell’area di prova della chat e lasciarla scrivere a «Visualizza codice»",
};
