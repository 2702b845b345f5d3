/** The words in Italian of what pages have in common: errors, confirmations, copying. */

import type { Translation } from "../../text/languages";

import type { en } from "./en";

export const it: Translation<typeof en> = {
  loading: "Caricamento…",
  tryAgain: "Riprova",
  cancel: "Annulla",
  typeName: "Per confermare, digitare {name}",
  copied: "Copiato",
  notCopied: "Impossibile copiare",
  unreachable: "Il server non risponde.",
  unreachableAdvice: "Forse si sta riavviando. Quanto visualizzato è l’ultimo stato noto; la pagina continua a provare.",
  sessionOver: "La sessione è terminata.",
  sessionOverAdvice: "Accedere di nuovo; qui nulla è andato perso.",
  forbidden: "Operazione non consentita.",
  forbiddenAdvice: "Occorre il ruolo {role} su questo account. Può assegnarlo chi gestisce il server.",
  yourObjectId: "Occorre il proprio ID oggetto: {id}.",
  gone: "L’elemento non esiste più.",
  goneAdvice: "Forse nel frattempo qualcuno l’ha eliminato.",
  busy: "Troppe richieste in una volta.",
  serverFailed: "Errore del server.",
  refused: "Il server ha rifiutato la richiesta.",
  failed: "L’operazione non è riuscita.",
  secureAddress: "Per farsi sentire, aprire il portale via https:",
  secureWarning: "Il browser può mostrare un avviso, perché il certificato è del server stesso.",
  secureSignIn: "Per un collegamento che vi accede, eseguire sul computer del server:",
  noSecureAddress:
    "Questo server offre solo http: per farsi sentire, avviarlo con --tls-port, oppure aprire il portale come localhost sul suo stesso computer.",
};
