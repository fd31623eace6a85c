import { expect, test } from 'vitest';
import { createPseudonyms } from '#worker/crypto/pseudonym.ts';

const SECRET = 'a-secret-of-at-least-32-characters';

test('a learner keeps one name, another learner or another key has another one', async () => {
  const name = createPseudonyms(SECRET);
  const alice = await name('alice');
  expect(alice).toMatch(/^[0-9a-f]{16}$/);
  expect(await name('alice')).toBe(alice);
  expect(await createPseudonyms(SECRET)('alice')).toBe(alice);
  expect(await name('bob')).not.toBe(alice);
  expect(await createPseudonyms(`${SECRET}!`)('alice')).not.toBe(alice);
});
