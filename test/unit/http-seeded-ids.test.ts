import { expect, it } from 'vitest';
import { Id } from '#contract/text.ts';
import { seededIds } from '#worker/http/seeded-ids.ts';

it('the same seed makes the same version-4 UUIDs', () => {
  const seed = '0b5c1b52-9f5f-4a8e-8a51-0d5b4b6f9d11';
  const first = seededIds(seed);
  const second = seededIds(seed);
  for (let index = 0; index < 1000; index += 1) {
    const id = first();
    expect(second()).toBe(id);
    expect(Id.safeParse(id).success).toBe(true);
    expect(id).toMatch(/^.{14}4.{4}[89ab]/);
  }
});

it('no id comes twice, also from seeds that are neighbours', () => {
  const seen = new Set<string>();
  for (const seed of [
    '00000000-0000-4000-8000-000000000000',
    '00000000-0000-4000-8000-000000000001',
    crypto.randomUUID(),
  ]) {
    const next = seededIds(seed);
    for (let index = 0; index < 20_000; index += 1) seen.add(next());
  }
  expect(seen.size).toBe(60_000);
});
