import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type Rolldown } from 'vite';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const OUTPUT = folder('../../.build/web');

/** Pages with their files, so that any other address is a real 404 and never this app with status 200. */
const PAGES = { practice: 'index', review: 'review', progress: 'progress', settings: 'settings' };
/** Parts that a page shows first but has in a chunk of their own. */
const AT_ONCE: Readonly<Record<string, readonly string[]>> = { review: ['pages/review/task-list.tsx'] };

/** The chunk of a module with all that it imports, depth first. */
function reach(bundle: Rolldown.OutputBundle, module: string): Rolldown.OutputChunk[] {
  const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
  const first = chunks.find(({ facadeModuleId }) => facadeModuleId === folder(module));
  if (first === undefined) throw new Error(`the build has no ${module}`);
  const seen = new Set<Rolldown.OutputChunk>();
  function visit(chunk: Rolldown.OutputChunk) {
    if (seen.has(chunk)) return;
    seen.add(chunk);
    for (const next of chunks) if (chunk.imports.includes(next.fileName)) visit(next);
  }
  visit(first);
  return [...seen];
}

/**
 * Writes each page's file. It names the page's own scripts and styles beside those of the shell: fetched only when the
 * shell has run, they would come a round trip later.
 */
function pageFiles(): Plugin {
  return {
    name: 'page-files',
    writeBundle(_, bundle) {
      const shell = readFileSync(`${OUTPUT}/index.html`, 'utf8');
      for (const [page, file] of Object.entries(PAGES)) {
        const modules = [`pages/${page}/index.tsx`, ...(AT_ONCE[page] ?? [])];
        const chunks = modules.flatMap((module) => reach(bundle, module));
        const links = [
          ...chunks.map(({ fileName }) => ({ fileName, rel: 'modulepreload' })),
          ...chunks.flatMap(({ viteMetadata }) =>
            [...(viteMetadata?.importedCss ?? [])].map((fileName) => ({ fileName, rel: 'stylesheet' })),
          ),
        ];
        const fresh = new Map(
          links.filter(({ fileName }) => !shell.includes(fileName)).map((link) => [link.fileName, link.rel]),
        );
        const tags = [...fresh].map(([name, rel]) => `    <link rel="${rel}" crossorigin href="/${name}">\n`);
        writeFileSync(`${OUTPUT}/${file}.html`, shell.replace('  </head>', `${tags.join('')}  </head>`));
      }
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
    // One file for all that every page starts with: many small ones compress worse and cost a request each.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shell', tags: ['$initial'] }] } } },
  },
});
