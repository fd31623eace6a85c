import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';

const ROOT = path.join(import.meta.dirname, '../..');
const WORKFLOWS = path.join(ROOT, '.github/workflows');

const Entry = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().optional(),
});
const Lock = z.object({ packages: z.record(z.string(), Entry) });
const Manifest = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
  optionalDependencies: z.record(z.string(), z.string()),
});

function read(file: string): unknown {
  return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));
}

/** Entries that npm would install without checking what it got, or from an address of its own. */
function unproven(lock: z.infer<typeof Lock>): string[] {
  return Object.entries(lock.packages)
    .filter(([name, entry]) => name !== '' && entry.link !== true)
    .filter(
      ([, entry]) => !/^sha512-[\w+/]{86}==$/.test(entry.integrity ?? '') || entry.resolved !== undefined,
    )
    .map(([name]) => name);
}

/** Actions that are not named by a commit; the release that the commit was goes into a comment for readers. */
function unpinned(workflow: string): string[] {
  return [...workflow.matchAll(/^\s*(?:-\s*)?uses:\s*(.*)$/gm)]
    .map(([, action = '']) => action)
    .filter((action) => !/^(?:\.\/\S+|\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/.test(action));
}

test('every package of the lockfile has its hash, and none an address', () => {
  const lock = Lock.parse(read('package-lock.json'));
  expect(Object.keys(lock.packages).length).toBeGreaterThan(200);
  expect(unproven(lock)).toEqual([]);
});

test('a package without a hash, with a weak one or with an address is found', () => {
  const integrity = `sha512-${'a'.repeat(86)}==`;
  const packages = {
    '': {},
    'node_modules/sound': { integrity },
    'node_modules/bare': { version: '1.0.0' },
    'node_modules/weak': { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' },
    'node_modules/placed': { integrity, resolved: 'https://registry.example/placed.tgz' },
  };
  expect(unproven({ packages })).toEqual(['node_modules/bare', 'node_modules/weak', 'node_modules/placed']);
});

test('every action of a workflow is pinned to a commit', () => {
  const files = readdirSync(WORKFLOWS).filter((name) => /\.ya?ml$/.test(name));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const text = readFileSync(path.join(WORKFLOWS, file), 'utf8');
    expect(text).toContain('uses:');
    expect({ file, unpinned: unpinned(text) }).toEqual({ file, unpinned: [] });
  }
});

test.each([
  'actions/checkout@v5',
  'actions/checkout@main',
  'actions/checkout@93cb6ef # v5.0.1',
  'actions/checkout',
])('an action named %s is found', (action) => {
  expect(unpinned(`steps:\n  - uses: ${action}\n`)).toEqual([action]);
});

test('one version of Node runs everything, on every platform, and needs no install script', () => {
  const { dependencies, devDependencies, optionalDependencies } = Manifest.parse(read('package.json'));
  const versions = Object.entries(optionalDependencies).filter(([name]) => name.startsWith('node-'));
  expect(versions.length).toBeGreaterThanOrEqual(5);
  expect(new Set(versions.map(([, version]) => version)).size).toBe(1);
  expect({ ...dependencies, ...devDependencies }).not.toHaveProperty('node');
  expect(`v${versions[0]?.[1]}`).toBe(process.version);
});
