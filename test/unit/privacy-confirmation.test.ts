import { expect, test } from 'vitest';
import { checkConfirmation, confirmationFor } from '#worker/privacy/confirmation.ts';

const SECRET = 's'.repeat(32);
const NOW = '2026-03-01T10:00:00.000Z';
const AFTER_9_MINUTES = '2026-03-01T10:09:59.999Z';
const AFTER_10_MINUTES = '2026-03-01T10:10:00.000Z';

test('a confirmation holds for its learner for ten minutes', async () => {
  const { token, expiresAt } = await confirmationFor(SECRET, 'ada', NOW);
  expect(expiresAt).toBe(AFTER_10_MINUTES);
  expect(await checkConfirmation(SECRET, 'ada', token, NOW)).toBe('valid');
  expect(await checkConfirmation(SECRET, 'ada', token, AFTER_9_MINUTES)).toBe('valid');
  expect(await checkConfirmation(SECRET, 'ada', token, AFTER_10_MINUTES)).toBe('expired');
});

test('the token does not show the learner', async () => {
  const { token } = await confirmationFor(SECRET, 'ada-lovelace', NOW);
  const [, mac = ''] = token.split('.');
  expect(token).not.toContain('ada');
  expect(Buffer.from(mac, 'base64url').toString('latin1')).not.toContain('ada');
});

test('a foreign, forged, prolonged or malformed token is invalid, expired or not', async () => {
  const { token } = await confirmationFor(SECRET, 'ada', NOW);
  const [expiry = '', mac = ''] = token.split('.');
  const flipped = `${expiry}.${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`;
  const cases: [secret: string, learner: string, token: string][] = [
    [SECRET, 'bob', token],
    ['t'.repeat(32), 'ada', token],
    [SECRET, 'ada', flipped],
    [SECRET, 'ada', `${Number(expiry) + 1}.${mac}`],
    [SECRET, 'ada', `${expiry}0.${mac}`],
    [SECRET, 'ada', `0${expiry}.${mac}`],
    [SECRET, 'ada', `${expiry}.${mac}=`],
    [SECRET, 'ada', `${expiry}.${mac.slice(1)}`],
    [SECRET, 'ada', expiry],
    [SECRET, 'ada', ''],
    [SECRET, 'ada', `${expiry}.${'é'.repeat(43)}`],
  ];
  for (const [secret, learner, text] of cases) {
    expect(await checkConfirmation(secret, learner, text, NOW), text).toBe('invalid');
    expect(await checkConfirmation(secret, learner, text, AFTER_10_MINUTES), text).toBe('invalid');
  }
});
