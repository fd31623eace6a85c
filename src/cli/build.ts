import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUTPUT = path.join(ROOT, '.build');
const STAMP = path.join(OUTPUT, 'inputs.sha256');
/** Written last by the two builds. */
const RESULTS = ['web/build-manifest.json', 'web/docs.html'].map((name) => path.join(OUTPUT, name));

/** A digest of all files that the static files are made of, names included. */
function digestOfInputs(): string {
  const sources = readdirSync(path.join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
  const hash = createHash('sha256');
  for (const file of [...sources, path.join(ROOT, 'package-lock.json')]) {
    hash.update(`${path.relative(ROOT, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/**
 * `npm run build`: the Worker's static files. What is built from the same sources stays as it is, so that a second
 * `wrangler dev` does not take the files of a first one away, and starts sooner.
 */
const inputs = digestOfInputs();
const isBuilt = RESULTS.every(existsSync) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputs;
if (!isBuilt) {
  for (const part of ['build:web', 'build:api']) {
    // Always the build that is deployed: tests, too, start it with an environment of their own.
    const env = { ...process.env, NODE_ENV: 'production' };
    const { status } = spawnSync(`npm run --silent ${part}`, {
      cwd: ROOT,
      env,
      stdio: 'inherit',
      shell: true,
    });
    if (status !== 0) process.exit(status ?? 1);
  }
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(STAMP, inputs);
}
