import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { clientTypes } from './client-types.ts';
import { createDocument } from './document.ts';

const FILE = fileURLToPath(new URL('../../client/types.ts', import.meta.url));

/** `npm run build:client-types`: makes the client's types; with `--check` it only says whether they are up to date. */
const types = clientTypes(await createDocument());
if (!process.argv.includes('--check')) {
  await writeFile(FILE, types);
} else if ((await readFile(FILE, 'utf8')) !== types) {
  process.stderr.write('src/client/types.ts is not what the API document says: npm run build:client-types\n');
  process.exitCode = 1;
}
