import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { readSecrets } from '#cli/secrets.ts';
import { admitWorker } from '#cli/worker-role.ts';
import { freeBase } from '../support/ports.ts';
import { startMigratedDatabase } from '../support/postgres.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const CLI = path.join(ROOT, 'src/cli');

/** The folder of a checkout: `LOCAL_HOME` and working folder of the commands. */
let home: string;
let base: number;
let database: Awaited<ReturnType<typeof startMigratedDatabase>>;
let vars: Record<string, string>;

const text = (settings: Record<string, string>) =>
  Object.entries(settings)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join('');

beforeAll(async () => {
  home = mkdtempSync(path.join(os.tmpdir(), 'study-paths-home-'));
  base = await freeBase();
  const secrets = readSecrets(home);
  database = await startMigratedDatabase({
    port: base + 1,
    postgresPort: base + 6,
    passwords: { admin: secrets.adminPassword, owner: secrets.ownerPassword },
  });
  const { connectionString: databaseUrl, fetchEndpoint } = database;
  const workerUrl = await admitWorker({ databaseUrl, fetchEndpoint }, secrets.workerPassword);
  vars = {
    DATABASE_URL: workerUrl,
    NEON_FETCH_ENDPOINT: fetchEndpoint,
    CODE_ENCRYPTION_KEYS: secrets.codeKey,
  };
});

afterAll(async () => {
  await database.close();
  rmSync(home, { recursive: true, force: true });
});

/** Runs a command as on a terminal of the checkout: nothing in the environment names a database. */
function run(program: string, args: readonly string[], more: Record<string, string> = {}) {
  const {
    DATABASE_URL: _url,
    NEON_FETCH_ENDPOINT: _endpoint,
    CODE_ENCRYPTION_KEYS: _keys,
    PORT: _port,
    ...clean
  } = process.env;
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const options = { cwd: home, env: { ...clean, LOCAL_HOME: home, ...more } };
    execFile(process.execPath, [path.join(CLI, program), ...args], options, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err }),
    );
  });
}

const NO_TASK = '0a0a0a0a-0000-4000-8000-000000000001';
/** Every command that works on a database, with arguments that change nothing, and what it says of an empty one. */
const COMMANDS: readonly [program: string, args: string[], code: number, words: string][] = [
  ['import.ts', ['empty.json', '--user', 'somebody'], 1, 'empty.json: '],
  ['migrate.ts', [], 0, 'up to date'],
  ['rotate-keys.ts', ['--dry-run'], 0, 'texts by key before:'],
  ['rebuild-rollups.ts', [], 0, 'rebuilt the sums of 0 paths'],
  ['log/forget-command.ts', ['--task', NO_TASK], 1, 'there is no such task'],
  ['log/rebuild-command.ts', [], 0, '0 events made 0 rows'],
  ['log/verify-command.ts', [], 0, '0 events of 0 tasks'],
];

/** The same without a database: each says so in the same words. */
const MISSING = 'DATABASE_URL is neither in the environment nor in .dev.vars, and no stack was started here';

test('the list has every command of package.json that works on a database', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')));
  const programs = Object.values(scripts).flatMap((script) => /src\/cli\/(\S+\.ts)/.exec(script)?.[1] ?? []);
  const readers = programs.filter((program) =>
    /from '\.{1,2}\/(?:log\/)?database(?:-settings)?\.ts'/.test(
      readFileSync(path.join(CLI, program), 'utf8'),
    ),
  );
  expect(readers.toSorted()).toEqual(COMMANDS.map(([program]) => program).toSorted());
});

test('one module says where the database is; what starts or deploys a stack reads its own variable', () => {
  const readers = readdirSync(CLI, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') && readFileSync(path.join(CLI, file), 'utf8').includes('process.env.DATABASE_URL'),
  );
  expect(readers.toSorted()).toEqual(['database-settings.ts', 'deploy.ts', 'dev.ts', 'stack.ts']);
});

/** One command of each way to the database: over HTTP, with keys, by PostgreSQL's protocol. */
const KINDS = COMMANDS.filter(([program]) =>
  ['rebuild-rollups.ts', 'rotate-keys.ts', 'log/verify-command.ts'].includes(program),
);

test.each(KINDS)('%s says where it looked when there is no database', async (program, args) => {
  writeFileSync(path.join(home, 'empty.json'), '{}');
  const { code, err } = await run(program, args);
  expect(err).toContain(MISSING);
  expect(code).not.toBe(0);
});

test.each(COMMANDS)('%s finds the stack of the checkout as the owner', async (program, args, code, words) => {
  writeFileSync(path.join(home, 'worker.vars'), text(vars));
  const found = await run(program, args);
  expect({ code: found.code, said: found.out + found.err }).toEqual({
    code,
    said: expect.stringContaining(words),
  });
});

test.each(KINDS)(
  '%s takes the owner, too, when .dev.vars is a copy of worker.vars',
  async (program, args, code, words) => {
    writeFileSync(path.join(home, 'worker.vars'), text(vars));
    writeFileSync(path.join(home, '.dev.vars'), text(vars));
    try {
      const found = await run(program, args);
      expect({ code: found.code, said: found.out + found.err }).toEqual({
        code,
        said: expect.stringContaining(words),
      });
    } finally {
      rmSync(path.join(home, '.dev.vars'));
    }
  },
);

test('PORT names another stack, and one that does not run is called so', async () => {
  writeFileSync(path.join(home, 'worker.vars'), text(vars));
  const other = { PORT: String(await freeBase()) };
  const sums = await run('rebuild-rollups.ts', [], other);
  expect(sums).toMatchObject({
    code: 1,
    err: expect.stringContaining('the local stack does not run (npm run dev)'),
  });
  const log = await run('log/verify-command.ts', [], other);
  expect(log).toMatchObject({
    code: 1,
    err: expect.stringContaining('the local stack does not run (npm run dev)'),
  });
  const { out } = await run('psql-url.ts', []);
  expect(new URL(out).port).toBe(String(base + 6));
});

test('a stack on a Neon database asks for the address of the owner', async () => {
  const { NEON_FETCH_ENDPOINT: _endpoint, ...remote } = vars;
  writeFileSync(path.join(home, 'worker.vars'), text(remote));
  for (const program of ['rebuild-rollups.ts', 'log/verify-command.ts']) {
    const { code, err } = await run(program, []);
    expect({ code: code > 0, err }).toEqual({
      code: true,
      err: expect.stringContaining('database of its own'),
    });
  }
});
