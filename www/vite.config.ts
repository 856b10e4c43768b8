import { defineConfig } from "vite";

// Two entries of one build: the page, and the element under a name that stays, for other pages to
// embed. Addresses are relative, so that the folder can be put anywhere.
export default defineConfig({
  root: "page",
  base: "./",
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2022",
    sourcemap: true,
    rolldownOptions: {
      input: { index: "page/index.html", "reweave-editor": "element/index.ts" },
      output: {
        entryFileNames: (chunk) => (chunk.name === "reweave-editor" ? "reweave-editor.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  worker: { format: "es" },
});
