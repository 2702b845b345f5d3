/** The shortest programs that ask a deployment something and have it answer aloud. */

export const PROGRAMMING_LANGUAGES = { python: "Python", javascript: "JavaScript" } as const;

export type ProgrammingLanguage = keyof typeof PROGRAMMING_LANGUAGES;

export interface ProgramTarget {
  readonly endpoint: string;
  /** The base URL under the endpoint. */
  readonly baseUrl: string;
  readonly deployment: string;
  /** Whether keys open the account; else the program signs in. */
  readonly hasKeys: boolean;
}

const API_VERSION = "2025-01-01-preview";
const QUESTION = "Is a golden retriever a good family dog?";

/** Written as JSON, a string is one in both languages. */
const quoted = (value: string): string => JSON.stringify(value);

export function programOf(language: ProgrammingLanguage, target: ProgramTarget): string {
  return language === "python" ? python(target) : javascript(target);
}

function python({ endpoint, baseUrl, deployment, hasKeys }: ProgramTarget): string {
  const client = hasKeys
    ? `import base64
import os

from openai import OpenAI

client = OpenAI(base_url=${quoted(baseUrl)}, api_key=os.environ["AZURE_OPENAI_API_KEY"])`
    : `import base64

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import AzureOpenAI

token = get_bearer_token_provider(DefaultAzureCredential(), "https://cognitiveservices.azure.com/.default")
client = AzureOpenAI(azure_endpoint=${quoted(endpoint)}, azure_ad_token_provider=token, api_version="${API_VERSION}")`;
  return `${client}
completion = client.chat.completions.create(
    model=${quoted(deployment)},
    modalities=["text", "audio"],
    audio={"voice": "alloy", "format": "wav"},
    messages=[{"role": "user", "content": "${QUESTION}"}],
)
spoken = completion.choices[0].message.audio
print(spoken.transcript)
open("answer.wav", "wb").write(base64.b64decode(spoken.data))
`;
}

function javascript({ endpoint, baseUrl, deployment, hasKeys }: ProgramTarget): string {
  const client = hasKeys
    ? `import { writeFileSync } from "node:fs";
import OpenAI from "openai";

const client = new OpenAI({ baseURL: ${quoted(baseUrl)}, apiKey: process.env.AZURE_OPENAI_API_KEY });`
    : `import { writeFileSync } from "node:fs";
import { DefaultAzureCredential, getBearerTokenProvider } from "@azure/identity";
import { AzureOpenAI } from "openai";

const azureADTokenProvider = getBearerTokenProvider(
  new DefaultAzureCredential(),
  "https://cognitiveservices.azure.com/.default",
);
const client = new AzureOpenAI({ endpoint: ${quoted(endpoint)}, azureADTokenProvider, apiVersion: "${API_VERSION}" });`;
  return `${client}
const completion = await client.chat.completions.create({
  model: ${quoted(deployment)},
  modalities: ["text", "audio"],
  audio: { voice: "alloy", format: "wav" },
  messages: [{ role: "user", content: "${QUESTION}" }],
});
const spoken = completion.choices[0].message.audio;
console.log(spoken.transcript);
writeFileSync("answer.wav", Buffer.from(spoken.data, "base64"));
`;
}
