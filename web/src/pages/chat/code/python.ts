/** With the `openai` package for Python. */

import { API_VERSION } from "../request";
import { literal, PYTHON } from "./literal";
import type { Program } from "./program";

export const python = { write, reading: (fileName: string): string => `recording(${JSON.stringify(fileName)})` };

function write({ endpoint, deployment, credential, body, readsFiles, answerFile }: Program): string {
  const isKey = credential === "key";
  const needsBase64 = readsFiles || answerFile !== null;
  const standard = [needsBase64 && "import base64", isKey && "import os"].filter(Boolean);
  const parameters = { model: deployment, ...body };
  return [
    ...standard,
    ...(standard.length > 0 ? [""] : []),
    ...(isKey ? [] : ["from azure.identity import DefaultAzureCredential, get_bearer_token_provider"]),
    "from openai import AzureOpenAI",
    "",
    "client = AzureOpenAI(",
    `    azure_endpoint=${JSON.stringify(endpoint)},`,
    ...(isKey
      ? ['    api_key=os.environ["AZURE_OPENAI_API_KEY"],']
      : [
          "    azure_ad_token_provider=get_bearer_token_provider(",
          '        DefaultAzureCredential(), "https://cognitiveservices.azure.com/.default"',
          "    ),",
        ]),
    `    api_version="${API_VERSION}",`,
    ")",
    "",
    ...(readsFiles
      ? [
          "",
          "def recording(path):",
          '    with open(path, "rb") as file:',
          '        return base64.b64encode(file.read()).decode("ascii")',
          "",
          "",
        ]
      : []),
    "completion = client.chat.completions.create(",
    ...Object.entries(parameters).map(([name, value]) => `    ${name}=${literal(value, PYTHON, 1)},`),
    ")",
    "",
    "message = completion.choices[0].message",
    ...(answerFile === null
      ? ["print(message.content)"]
      : [
          "print(message.audio.transcript)",
          `with open(${JSON.stringify(answerFile)}, "wb") as file:`,
          "    file.write(base64.b64decode(message.audio.data))",
        ]),
    "",
  ].join("\n");
}
