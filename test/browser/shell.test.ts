import { expect } from 'vitest';
import { createKeys } from '#services/issuer/keys.ts';
import { mintToken } from '#services/issuer/mint.ts';
import { newLearner, stack, tokenFor, withFaults } from '../support/api.ts';
import {
  axeViolations,
  browserTest,
  expected,
  inEveryLook,
  LOOKS,
  newLearnerFragment,
  picture,
  sidewaysOverflow,
  visit,
  wear,
} from './kit.ts';

const PAGES = [
  ['/', 'Practice'],
  ['/review', 'Review'],
  ['/progress', 'Progress'],
  ['/settings', 'Settings'],
] as const;

browserTest('signs in on the issuer\u2019s page and comes back to the page that was open', async () => {
  await visit({}, async ({ page, open }) => {
    const { learner } = await newLearnerFragment();
    await open('/review?module=heaps');
    expect(await page.title()).toBe('Practise with a plan · Study Paths');
    await page.getByRole('link', { name: 'Sign in' }).click();

    await page.waitForURL(`${stack.issuer}/sign-in?**`);
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'issuer-light-wide');
    await page.getByLabel('Somebody else').fill(learner);
    await page.getByRole('button', { name: 'Sign in' }).click();

    await page.getByRole('heading', { level: 1, name: 'Review' }).waitFor();
    expect(page.url()).toBe(`${stack.worker}/review?module=heaps`);
    expect(await page.locator('.learner').textContent()).toContain(learner);

    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Review' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { level: 1, name: 'You have signed out' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'signed out by hand');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Practise with a plan' }).waitFor();
  });
});

browserTest('offers demo learners one click away', async () => {
  await visit({}, async ({ page, open }) => {
    await open('/settings');
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'bob' }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    expect(page.url()).toBe(`${stack.worker}/settings`);
  });
});

browserTest('takes a token from the address, and leaves none in the history', async () => {
  await visit({}, async ({ page, open }) => {
    const { fragment } = await newLearnerFragment();
    await open(`/progress?from=x${fragment}`);
    expect(page.url()).toBe(`${stack.worker}/progress?from=x`);
    await page.goto(`${stack.worker}/settings`);
    await page.goBack();
    expect(page.url()).toBe(`${stack.worker}/progress?from=x`);
    await page.getByRole('heading', { level: 1, name: 'Progress' }).waitFor();
  });
});

browserTest('an expired token leads to signing in again, on the same page', async () => {
  await visit({}, async ({ page, open }) => {
    const keys = await createKeys();
    const old = await mintToken(keys, { sub: 'late', expires_in_seconds: -60 });
    await open(`/progress#token=${old}`);
    await page.getByRole('heading', { level: 1, name: 'Please sign in again' }).waitFor();
    expect(await page.getByRole('link', { name: 'Sign in again' }).getAttribute('href')).toMatch(
      /^\/sign-in\?to=%2Fprogress&state=[0-9a-f]{32}$/,
    );
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'signed out expired');

    const short = await tokenFor('soon', 2);
    await page.goto(expected(`${stack.worker}/settings#token=${short}`));
    await page.getByRole('heading', { level: 1, name: 'Please sign in again' }).waitFor();
  });
});

browserTest('a token that the API refuses ends the session', async () => {
  await visit({}, async ({ page, open, complaints }) => {
    const forged = await mintToken(await createKeys(), { sub: 'mallory' });
    await open(`/review#token=${forged}`);
    await page.getByRole('heading', { level: 1, name: 'Please sign in again' }).waitFor();
    // The page asks for two things at once, and the browser reports every 401; the first one may stop the other.
    expect([1, 2]).toContain(complaints.length);
    expect(complaints.splice(0).filter((line) => !line.includes('401'))).toEqual([]);
  });
});

browserTest('the pages of a new learner, in every look', async () => {
  await visit({}, async ({ page, open }) => {
    const { fragment } = await newLearnerFragment();
    const check = (title: string) =>
      inEveryLook(page, async (look) => {
        expect(await axeViolations(page), `${title} ${look}`).toEqual([]);
        expect(await sidewaysOverflow(page), `${title} ${look}`).toBe(0);
        await picture(page, `${title} empty ${look}`);
      });
    await open('/');
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    await check('signed out');
    await open(`/${fragment}`);
    for (const [path, title] of PAGES) {
      await page.getByRole('link', { name: title, exact: true }).click();
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
      expect(new URL(page.url()).pathname).toBe(path);
      await check(title);
    }
  });
});

browserTest('every page says so when the server fails, and can try again', async () => {
  await visit({}, async ({ page, open, complaints }) => {
    const learner = await newLearner('unlucky');
    await learner.newPath();
    await open(`/settings#token=${learner.token}`);
    await page.getByLabel('New tasks a day').waitFor();
    const down = { path: '/sql', kind: 'status', status: 500 };
    await withFaults(stack.neon, [down], async () => {
      for (const [path, title] of PAGES) {
        await page.goto(`${stack.worker}${path}`);
        await page.getByRole('heading', { level: 1, name: title }).waitFor();
        await page.getByRole('heading', { name: 'This could not be loaded' }).first().waitFor();
        for (const look of [LOOKS['wide-dark'], LOOKS['phone-light']]) {
          await wear(page, look);
          expect(await axeViolations(page), `${title} ${look.scheme}`).toEqual([]);
          await picture(page, `${title} failed ${look.view} ${look.scheme}`);
        }
      }
    });
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await page.getByLabel('New tasks a day').waitFor();
    expect(complaints.splice(0).filter((line) => !/50\d/.test(line))).toEqual([]);
  });
});

browserTest('a new learner starts a path and then the first task', async () => {
  await visit({}, async ({ page, open }) => {
    const { fragment } = await newLearnerFragment();
    await open(`/${fragment}`);
    await page.getByRole('button', { name: 'Start your path' }).click();
    await page.getByRole('button', { name: 'Start', exact: true }).waitFor();
    await page.locator('.markdown p').first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'Practice scheduled');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText('In progress').waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'Practice started dark');
  });
});

browserTest(
  'the keyboard goes everywhere: sequences, help, skip link, focus on the new heading',
  async () => {
    await visit({}, async ({ page, open }) => {
      const { fragment } = await newLearnerFragment();
      await open(`/${fragment}`);
      await page.getByRole('button', { name: 'Start your path' }).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('r');
      await page.getByRole('heading', { level: 1, name: 'Review' }).waitFor();
      await page.waitForFunction(() => document.activeElement?.textContent === 'Review');

      await page.keyboard.press('?');
      const help = page.getByRole('dialog', { name: 'Keyboard' });
      await help.waitFor();
      expect(await axeViolations(page)).toEqual([]);
      await picture(page, 'help');
      await page.getByRole('switch', { name: 'Keys act on their own' }).click();
      await page.keyboard.press('Escape');
      await help.waitFor({ state: 'hidden' });
      await page.keyboard.press('?');
      expect(await help.isVisible()).toBe(false);

      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Review' }).waitFor();
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip-link');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    });
  },
);

browserTest('the colours are remembered', async () => {
  await visit({ scheme: 'light' }, async ({ page, open }) => {
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await open('/');
    const light = await background();
    const button = page.getByRole('button', { name: /^Colours/ });
    await button.click();
    expect(await background()).toBe(light);
    await button.click();
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.locator('h1').waitFor();
    expect(await background()).toBe(dark);
  });
});

browserTest('without a network the page stays, says so, and loads by itself afterwards', async () => {
  await visit({}, async ({ page, open, context, complaints }) => {
    const { fragment } = await newLearnerFragment();
    await open(`/settings${fragment}`);
    await page.getByRole('link', { name: 'Review', exact: true }).hover();
    await page.waitForLoadState('networkidle');
    await context.setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await page.getByRole('link', { name: 'Review', exact: true }).click();
    await page.getByRole('heading', { name: 'No connection' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'offline');
    await context.setOffline(false);
    await page.getByRole('heading', { name: 'No tasks yet' }).waitFor();
    const expected = /ERR_INTERNET_DISCONNECTED/;
    expect(complaints.splice(0).filter((line) => !expected.test(line))).toEqual([]);
  });
});

browserTest.each(['/', '/review', '/progress?from=x', '/settings'])(
  '%s is served with a strict policy',
  async (path) => {
    const response = await fetch(`${stack.worker}${path}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain('unsafe');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(response.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
  },
);

browserTest('assets with a hash are kept for a year, the list of them is not served', async () => {
  const html = await (await fetch(`${stack.worker}/`)).text();
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '';
  const asset = await fetch(`${stack.worker}${script}`);
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(asset.headers.get('x-content-type-options')).toBe('nosniff');
  // An answer with the app's page would be kept for a year as well.
  const missing = await fetch(`${stack.worker}/assets/gone-12345678.js`);
  expect(missing.status).toBe(404);
  expect(missing.headers.get('cache-control')).toBe('private, no-store');
  expect((await fetch(`${stack.worker}/build-manifest.json`)).status).toBe(404);
});
