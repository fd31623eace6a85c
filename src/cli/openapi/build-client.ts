import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const OUTPUT = `${ROOT}.build/client/`;

/**
 * `npm run build:client`: compiles the client for installation. TypeScript leaves the source's extensions in
 * declarations, which only its newest versions follow.
 */
await rm(OUTPUT, { recursive: true, force: true });
execFileSync('npx', ['tsc', '-p', 'src/client/tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
for (const file of (await readdir(OUTPUT)).filter((name) => name.endsWith('.d.ts'))) {
  const text = await readFile(OUTPUT + file, 'utf8');
  await writeFile(
    OUTPUT + file,
    text.replaceAll(/((?:from|import\()\s*['"]\.\/[a-z-]+)\.ts(['"])/g, '$1.js$2'),
  );
}
