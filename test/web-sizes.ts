import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';

/** What Vite says of one chunk: its file, what it loads with it, and what it may load later. */
const Chunk = z.object({
  file: z.string(),
  imports: z.array(z.string()).default([]),
  dynamicImports: z.array(z.string()).default([]),
  css: z.array(z.string()).default([]),
});
const Manifest = z.record(z.string(), Chunk);

const OUTPUT = fileURLToPath(new URL('../.build/web/', import.meta.url));
const KB = 1024;
/** Gzipped KiB: what a page needs before it shows, its styles, and practice with all it loads later in one language. */
const LIMITS = { initial: 30, css: 6, practice: 210 };
const GRAMMARS = { Python: 'editor/python.ts', JavaScript: 'editor/javascript.ts' };

const chunks = Manifest.parse(JSON.parse(readFileSync(`${OUTPUT}build-manifest.json`, 'utf8')));

function chunk(key: string): z.infer<typeof Chunk> {
  const found = chunks[key];
  if (found === undefined) throw new Error(`the build has no ${key}`);
  return found;
}

/** The chunk and all that its static imports bring, and with `later` also what it may fetch afterwards. */
function reach(key: string, later: boolean, seen = new Set<string>()): Set<string> {
  if (seen.has(key)) return seen;
  seen.add(key);
  const { imports, dynamicImports } = chunk(key);
  // What the entry loads later are the other pages.
  const all = later && key !== 'index.html' ? [...imports, ...dynamicImports] : imports;
  for (const next of all) reach(next, later, seen);
  return seen;
}

function gzipped(files: Iterable<string>): number {
  const sizes = [...new Set(files)].map((file) => gzipSync(readFileSync(OUTPUT + file), { level: 9 }).length);
  return sizes.reduce((sum, size) => sum + size, 0) / KB;
}

const scripts = (keys: Iterable<string>) => [...keys].map((key) => chunk(key).file);
const styles = (keys: Iterable<string>) => [...keys].flatMap((key) => chunk(key).css);

const entry = reach('index.html', false);
const failures: string[] = [];
function check(what: string, size: number, limit: number): void {
  const verdict = size <= limit ? 'ok' : 'TOO LARGE';
  process.stdout.write(`${what.padEnd(34)}${size.toFixed(1).padStart(7)} of ${limit} KiB  ${verdict}\n`);
  if (size > limit) failures.push(what);
}

for (const page of ['practice', 'review', 'progress', 'settings']) {
  const key = `pages/${page}/index.tsx`;
  const initial = new Set([...entry, ...reach(key, false)]);
  check(`${page}: scripts before it shows`, gzipped(scripts(initial)), LIMITS.initial);
  check(`${page}: styles`, gzipped(styles(initial)), LIMITS.css);
  if (page !== 'practice') continue;
  for (const [language, grammar] of Object.entries(GRAMMARS)) {
    const others = Object.values(GRAMMARS).filter((other) => other !== grammar);
    // The shell is there already; the other pages, which it may fetch, are not practice's.
    const all = [...reach(key, true, new Set(entry))].filter((part) => !others.includes(part));
    check(`practice: all it loads, ${language}`, gzipped(scripts(all)), LIMITS.practice);
  }
}
if (failures.length > 0) process.exitCode = 1;
