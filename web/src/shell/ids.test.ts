import { expect, it } from "vitest";

import { newId } from "./ids";

it("gives 32 hexadecimal digits, each time others", () => {
  const ids = new Set(Array.from({ length: 1000 }, newId));
  expect(ids.size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
});
