import { describe, expect, it } from "vitest";

import { PROGRAMMING_LANGUAGES, programOf, type ProgrammingLanguage } from "./programs";

const LANGUAGES = Object.keys(PROGRAMMING_LANGUAGES) as ProgrammingLanguage[];
const target = {
  endpoint: "http://localhost:8080",
  baseUrl: "http://localhost:8080/openai/v1",
  deployment: "voice",
  hasKeys: true,
};

describe.each(LANGUAGES)("the program in %s", (language) => {
  it("asks the deployment at the base URL, with a key from the environment", () => {
    const program = programOf(language, target);
    expect(program).toContain('"http://localhost:8080/openai/v1"');
    expect(program).toContain('"voice"');
    expect(program).toContain("AZURE_OPENAI_API_KEY");
  });

  it("signs in where keys open nothing", () => {
    const program = programOf(language, { ...target, hasKeys: false });
    expect(program).toContain("DefaultAzureCredential");
    expect(program).not.toContain("API_KEY");
  });
});
