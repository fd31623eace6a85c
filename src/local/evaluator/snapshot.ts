import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, mkdtemp, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PYTHON } from './engines.ts';

/** Pyodide refuses a snapshot larger than the memory it was compiled with: 30 MiB and its header. */
const LARGEST_SNAPSHOT = 31_457_408;
const DEFAULT_FOLDER = fileURLToPath(new URL('../../../.local/cache/evaluator', import.meta.url));

/** An open memory snapshot: children inherit the file, so that its folder need not be readable to them. */
export type Snapshot = { file: FileHandle; bytes: number; close(): Promise<void> };

async function fileName(): Promise<string> {
  const hash = createHash('sha256').update(PYTHON.version).update(process.version);
  hash.update(await readFile(PYTHON.harness)).update(await readFile(PYTHON.snapshotBuilder));
  return `python-${PYTHON.version}-${hash.digest('hex').slice(0, 16)}.snapshot`;
}

async function runBuilder(target: string): Promise<void> {
  const child = spawn(
    process.execPath,
    ['--no-warnings', PYTHON.snapshotBuilder, PYTHON.url, PYTHON.harness, target],
    { stdio: ['ignore', 'ignore', 'pipe'], env: {} },
  );
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`evaluator: the Python snapshot could not be built: ${complaint}`);
  const { size } = await stat(target);
  if (size > LARGEST_SNAPSHOT) throw new Error(`evaluator: a Python snapshot of ${size} bytes does not load`);
}

/** Builds beside the target and renames: another process sees the whole file or none. */
async function build(folder: string, name: string): Promise<void> {
  const scratch = await mkdtemp(join(folder, '.building-'));
  try {
    await runBuilder(join(scratch, name));
    await rename(join(scratch, name), join(folder, name));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function writableFolder(wanted: string): Promise<{ folder: string; temporary: boolean }> {
  try {
    await mkdir(wanted, { recursive: true });
    await rm(await mkdtemp(join(wanted, '.probe-')), { recursive: true });
    return { folder: wanted, temporary: false };
  } catch {
    return { folder: await mkdtemp(join(tmpdir(), 'study-paths-evaluator-')), temporary: true };
  }
}

/**
 * Opens the memory image of a booted Python, building it first when it is missing (a few seconds, once per version
 * of Pyodide and of the harness). Where the cache folder cannot be written, a private temporary one is used.
 */
export async function openSnapshot(wanted: string = DEFAULT_FOLDER): Promise<Snapshot> {
  const name = await fileName();
  const known = await open(join(wanted, name)).catch(() => null);
  if (known !== null) return { file: known, bytes: (await known.stat()).size, close: () => known.close() };

  const { folder, temporary } = await writableFolder(wanted);
  await build(folder, name);
  const file = await open(join(folder, name));
  const { size } = await file.stat();
  return {
    file,
    bytes: size,
    async close() {
      await file.close();
      if (temporary) await rm(folder, { recursive: true, force: true });
    },
  };
}
