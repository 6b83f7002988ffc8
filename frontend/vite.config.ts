import { defineConfig } from "vitest/config";
import { assets } from "./build/assets.ts";
import { ownExcalidraw } from "./build/excalidraw.ts";

export default defineConfig({
  base: "/static/board/",
  plugins: [ownExcalidraw(), assets()],
  define: { "process.env.IS_PREACT": '"false"' },
  build: {
    outDir: "../static/board",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // Inlined fonts would be data: URLs, which the content policy refuses.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 3000,
    rollupOptions: {
      input: ["src/main.tsx", "src/history/page.tsx"],
      output: {
        // The worker that thins fonts out shares these with the editor. Put together with anything that asks
        // for the page they would not load in a worker, and the editor would evaluate strings instead.
        manualChunks: (id) => /excalidraw\/dist\/prod\/(chunk-(?:EIO257PC|ZUYEQ4TG|SRAX5OIU))\.js/.exec(id)?.[1],
      },
      onLog(level, log, handler) {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") handler(level, log); // "use client" means nothing here
      },
    },
  },
  test: { include: ["tests/**/*.test.ts"] },
});
