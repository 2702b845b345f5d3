/** The words of the page of models, in Italian. */

import type { Translation } from "../../../text/languages";

import type { en } from "./en";

export const it: Translation<typeof en> = {
  title: "Modelli",
  about:
    "I pesi che ascoltano, pensano e parlano. Ciascuno viene confrontato con il catalogo, byte per byte, prima di essere usato.",
  folder: "Cartella",
  free: "Spazio libero",
  used: "Scaricato",
  table: "Modelli del catalogo",
  model: "Modello",
  license: "Licenza",
  size: "Dimensione",
  usedBy: "Usato da",
  state: "Stato",
  noProfile: "Nessun profilo",
  recognizer: "Riconosce il parlato",
  languageModel: "Scrive le risposte",
  synthesizer: "Parla",
  voices: "Voci con cui parlare",
  voiceActivity: "Sente se qualcuno parla",
  endOfTurn: "Sente se chi parla ha finito",
  speakers: "Distingue le voci nelle trascrizioni",
  whole: "Scaricato e verificato",
  unverified: "Scaricato, non ancora verificato",
  incomplete: "Scaricato in parte",
  missing: "Non scaricato",
  pulling: "Download in corso",
  failed: "Download non riuscito",
  download: "Scarica",
  downloadModel: "Scarica {model}",
  goOn: "Continua",
  goOnModel: "Continua a scaricare {model}",
  verify: "Verifica",
  verifyModel: "Verifica {model}",
  tryAgain: "Riprova",
  tryAgainModel: "Riprova a scaricare {model}",
  progress: "{done} di {total}",
  progressOf: "Download di {model}",
  noRoom: "Servono {needed} e ne sono liberi {free}. Liberare prima spazio sul disco della cartella.",
  announceStarted: "Il download di {model} è iniziato. Prosegue anche se questa pagina viene chiusa.",
  announceDone: "{model} è stato scaricato e verificato.",
  announceFailed: "Non è stato possibile scaricare {model}.",
  ownTitle: "Modelli propri",
  ownAbout:
    "Dove un profilo di antiphon.toml nomina un modello del catalogo, può nominare invece un percorso: un file GGUF con un modello di conversazione per language_model, una cartella nel formato di faster-whisper (CTranslate2) per recognizer, un file ONNX compatibile con Kokoro 1.0 per synthesizer. Poi riavviare il server.",
  ownExample: "Esempio per antiphon.toml",
  copyExample: "Copia l’esempio",
  copyFolder: "Copia il percorso della cartella",
};
