/** With the `openai` package for JavaScript, and the same with types. */

import { API_VERSION } from "../request";
import { JAVASCRIPT, literal } from "./literal";
import type { Program } from "./program";

const reading = (fileName: string): string => `await recording(${JSON.stringify(fileName)})`;

export const javascript = { write: (program: Program): string => write(program, false), reading };
export const typescript = { write: (program: Program): string => write(program, true), reading };

function write({ endpoint, deployment, credential, body, readsFiles, answerFile }: Program, isTyped: boolean): string {
  const isKey = credential === "key";
  const files = [readsFiles && "readFile", answerFile !== null && "writeFile"].filter(Boolean);
  return [
    ...(isKey ? [] : ['import { DefaultAzureCredential, getBearerTokenProvider } from "@azure/identity";']),
    'import { AzureOpenAI } from "openai";',
    ...(files.length > 0 ? [`import { ${files.join(", ")} } from "node:fs/promises";`] : []),
    "",
    "const client = new AzureOpenAI({",
    `  endpoint: ${JSON.stringify(endpoint)},`,
    ...(isKey
      ? ["  apiKey: process.env.AZURE_OPENAI_API_KEY,"]
      : [
          "  azureADTokenProvider: getBearerTokenProvider(",
          "    new DefaultAzureCredential(),",
          '    "https://cognitiveservices.azure.com/.default",',
          "  ),",
        ]),
    `  apiVersion: "${API_VERSION}",`,
    "});",
    "",
    ...(readsFiles
      ? [
          isTyped
            ? 'const recording = (path: string): Promise<string> => readFile(path, "base64");'
            : 'const recording = (path) => readFile(path, "base64");',
          "",
        ]
      : []),
    `const completion = await client.chat.completions.create(${literal({ model: deployment, ...body }, JAVASCRIPT)});`,
    "",
    ...(isTyped ? ["const message = completion.choices[0]?.message;"] : ["const { message } = completion.choices[0];"]),
    ...lastLines(answerFile, isTyped ? "?" : ""),
    "",
  ].join("\n");
}

/** `maybe` is "?" where the types say that there may be none. */
function lastLines(answerFile: string | null, maybe: string): readonly string[] {
  if (answerFile === null) return [`console.log(message${maybe}.content);`];
  const data = maybe === "" ? "message.audio.data" : 'message?.audio?.data ?? ""';
  return [
    `console.log(message${maybe}.audio${maybe}.transcript);`,
    `await writeFile(${JSON.stringify(answerFile)}, Buffer.from(${data}, "base64"));`,
  ];
}
