import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const OUTPUT = folder('../../.build/web');

/** Pages beside `/`. Each has its file, so that any other address is a real 404 and never this app with status 200. */
const PAGES = ['review', 'progress', 'settings'];

function pageFiles(): Plugin {
  return {
    name: 'page-files',
    writeBundle() {
      for (const page of PAGES) copyFileSync(`${OUTPUT}/index.html`, `${OUTPUT}/${page}.html`);
    },
  };
}

/** Builds the web app into `.build/web`, from where the Worker's `[assets]` are served. */
export default defineConfig({
  root: folder('.'),
  publicDir: folder('public'),
  plugins: [pageFiles()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: OUTPUT,
    emptyOutDir: true,
    target: 'es2023',
    // A map would be served to everybody with the other assets.
    sourcemap: false,
    // What belongs to which page is what the size limits are checked against.
    manifest: 'build-manifest.json',
    // The browsers of `target` have it, and inline code is what the content security policy forbids.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
