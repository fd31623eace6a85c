import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  type FileHandle,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PYTHON } from './engines.ts';
import { builderCommand, IMAGE_FLAGS } from './sandbox-command.ts';

const DEFAULT_FOLDER = fileURLToPath(new URL('../../../.local/cache/evaluator', import.meta.url));

/** An open image of a booted Python: children inherit the file, so that its folder need not be readable to them. */
export type Snapshot = { file: FileHandle; name: string; close(): Promise<void> };

/** Names everything that an image depends on: another version of any of it means another file. */
async function fileName(): Promise<string> {
  const hash = createHash('sha256').update(PYTHON.version).update(process.version).update(process.arch);
  hash.update(IMAGE_FLAGS.join());
  const sources = [...Object.values(PYTHON.modules), PYTHON.imageBuilder, PYTHON.image];
  for (const file of sources) hash.update(await readFile(file));
  return `python-${PYTHON.version}-${hash.digest('hex').slice(0, 16)}.image`;
}

async function runBuilder(target: string): Promise<void> {
  const { file, args, cwd } = builderCommand();
  const child = spawn(file, args, { cwd, stdio: ['ignore', 'ignore', 'pipe', 'pipe'], env: {} });
  const image: Buffer[] = [];
  let complaint = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => image.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`evaluator: the Python image could not be built: ${complaint}`);
  await writeFile(target, Buffer.concat(image));
}

/** Builds beside the target and renames: another process sees the whole file or none. */
async function build(folder: string, name: string): Promise<void> {
  const scratch = await mkdtemp(join(folder, '.building-'));
  try {
    await runBuilder(join(scratch, name));
    await rename(join(scratch, name), join(folder, name));
    // Images of other versions only fill the disk; a process that has one open can still read it.
    const others = (await readdir(folder)).filter((other) => other.startsWith('python-') && other !== name);
    await Promise.all(others.map((other) => rm(join(folder, other), { force: true })));
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
 * Opens the image of a booted Python, building it first when it is missing (a few seconds, once per version of Node, of
 * Pyodide and of the harness). Where the cache folder cannot be written, a private temporary one is used.
 * @throws Error when it cannot be built.
 */
export async function openSnapshot(wanted: string = DEFAULT_FOLDER): Promise<Snapshot> {
  const name = await fileName();
  const known = await open(join(wanted, name)).catch(() => null);
  if (known !== null) return { file: known, name, close: () => known.close() };

  const { folder, temporary } = await writableFolder(wanted);
  await build(folder, name);
  const file = await open(join(folder, name));
  return {
    file,
    name,
    async close() {
      await file.close();
      if (temporary) await rm(folder, { recursive: true, force: true });
    },
  };
}
