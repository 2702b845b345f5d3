import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // Everything is addressed relative to the page, so that it works under any prefix.
  base: "./",
  plugins: [react()],
  build: {
    outDir: "../src/antiphon/portal",
    emptyOutDir: false, // The package's __init__.py lives there; `make portal` clears what was built.
    assetsInlineLimit: 0, // No data: URLs: the content security policy allows scripts from files alone.
    license: { fileName: "licenses.md" }, // Of the packages whose code is in the built files.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
  html: { cspNonce: "__CSP_NONCE__" },
  server: {
    // `npm run dev` beside a running server: everything but the page comes from there.
    proxy: {
      "^/(portal/api|openai|v1|subscriptions)(/|$)": { target: "http://localhost:8080", ws: true },
    },
  },
  test: { include: ["src/**/*.test.ts"] },
});
