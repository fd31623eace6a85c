import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSecrets } from '#cli/secrets.ts';
import { databaseFolder, startServices } from '#cli/services.ts';
import { startPostgres } from '#services/neon/index.ts';
import { makeEarlier } from '../support/earlier-database.ts';
import { freeBase } from '../support/ports.ts';
import { startTestDatabase } from '../support/postgres.ts';
import { survivors, treeOf } from '../support/processes.ts';

const DEV = new URL('../../src/cli/dev.ts', import.meta.url).pathname;

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'study-paths-earlier-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** The built-in database of this home while nothing else runs. */
async function inDatabase<T>(use: (url: string) => Promise<T>): Promise<T> {
  const { adminPassword: admin, ownerPassword: owner } = readSecrets(home);
  const postgres = await startPostgres({
    dataDir: databaseFolder(home),
    durable: false,
    passwords: { admin, owner },
  });
  try {
    return await use(postgres.url);
  } finally {
    await postgres.close();
  }
}

async function pathsOf(url: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query('select user_id from study_paths')).rows;
  } finally {
    await client.end();
  }
}

/** Runs `npm run dev` until it ends, or has written `until`: then it is stopped. */
async function dev(args: readonly string[], until?: string) {
  const child = spawn(process.execPath, [DEV, ...args], {
    env: { ...process.env, DATABASE_URL: '', PORT: String(await freeBase()), LOCAL_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  let started: ReturnType<typeof treeOf> = [];
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdout.on('data', (chunk) => {
    out += chunk;
    if (until === undefined || started.length > 0 || !out.includes(until)) return;
    started = treeOf(child.pid ?? 0);
    child.kill('SIGTERM');
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(await survivors(started, 30_000)).toEqual([]);
  return { code, out, err };
}

test('npm run dev refuses a database of an earlier version, leaves it alone, and starts over when told to', async () => {
  await inDatabase(makeEarlier);
  const { code, out, err } = await dev([]);
  expect(code).toBe(1);
  expect(err).toMatch(
    /^This database was made by an earlier version of Study Paths[^\n]*nothing was changed\.\n/,
  );
  expect(err).toContain('\nStart over with an empty database: npm run dev -- --fresh\n');
  expect(out).not.toContain('migration');
  expect(await inDatabase(pathsOf)).toEqual([{ user_id: 'someone' }]);

  expect(await dev(['--fresh'], 'starting migration 0000_baseline.sql')).toMatchObject({ err: '' });
  expect(await inDatabase(pathsOf)).toEqual([]);
});

test('where DATABASE_URL names the database, starting over is another address', async () => {
  const other = await startTestDatabase();
  try {
    await makeEarlier(other.postgresUrl);
    await expect(startServices({ home, databaseUrl: other.adminUrl })).rejects.toThrow(
      'Start over with an empty database: DATABASE_URL=<address of an empty database> npm run dev\n',
    );
    expect(await pathsOf(other.adminUrl)).toEqual([{ user_id: 'someone' }]);
  } finally {
    await other.close();
  }
});
