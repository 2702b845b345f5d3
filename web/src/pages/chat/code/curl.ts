/** With curl, in a shell. */

import { addressOfCompletions, API_VERSION } from "../request";
import { JSON_TEXT, literal } from "./literal";
import type { Program } from "./program";

/** Stands in the body for what the shell puts there; no text can have it, for JSON escapes control characters. */
const MARK = "\0";

export const curl = {
  write,
  reading: (fileName: string): string => `"${MARK}base64 < ${fileName} | tr -d '\\n'${MARK}"`,
};

function write({ endpoint, deployment, credential, body, answerFile }: Program): string {
  const url = `${endpoint}/${addressOfCompletions(deployment)}?api-version=${API_VERSION}`;
  return [
    ...(credential === "key"
      ? []
      : [
          'token=$(curl --silent "$IDENTITY_ENDPOINT?resource=https://cognitiveservices.azure.com&api-version=2019-08-01" \\',
          '  --header "X-IDENTITY-HEADER: $IDENTITY_HEADER" | sed \'s/.*"access_token": *"\\([^"]*\\)".*/\\1/\')',
          "",
        ]),
    `curl --silent --show-error ${singleQuoted(url)} \\`,
    credential === "key" ? '  --header "api-key: $AZURE_OPENAI_API_KEY" \\' : '  --header "Authorization: Bearer $token" \\',
    "  --header 'Content-Type: application/json' \\",
    `  --output answer.json --data @- <<END`,
    document(literal(body, JSON_TEXT)),
    "END",
    "cat answer.json",
    ...(answerFile === null
      ? []
      : ["", `grep -o '"data": *"[^"]*"' answer.json | cut -d '"' -f 4 | base64 --decode > ${answerFile}`]),
    "",
  ].join("\n");
}

/** In a here-document the shell looks for variables and commands: in ours, there are only those between marks. */
function document(json: string): string {
  return json
    .split(MARK)
    .map((part, index) => (index % 2 === 1 ? `$(${part})` : part.replace(/[\\$`]/g, "\\$&")))
    .join("");
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
