import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { NEEDED } from '#cli/deploy.ts';
import { Config, parseEnv } from '#worker/env.ts';

test('the checklist and the vars of wrangler.toml together are what the Worker requires', async () => {
  const toml = await readFile(new URL('../../wrangler.toml', import.meta.url), 'utf8');
  const vars = Object.fromEntries(
    [...toml.matchAll(/^([A-Z_]+) = "(.*)"$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const bare = parseEnv(vars);
  expect(bare.ok ? [] : bare.problems.map(({ name }) => name).sort()).toEqual(Object.keys(NEEDED).sort());
});

test('every variable is explained in .dev.vars.example', async () => {
  const example = await readFile(new URL('../../.dev.vars.example', import.meta.url), 'utf8');
  for (const name of Object.keys(Config.shape)) expect(example).toMatch(new RegExp(`^${name}=`, 'm'));
});
