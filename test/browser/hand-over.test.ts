import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { stack, tokenFor } from '../support/api.ts';
import { axeViolations, browserTest, newLearnerFragment, picture, visit } from './kit.ts';
import { learnerWithTask, writeCode } from './practice-kit.ts';

const ASKING = { expectsTokens: false } as const;

function heading(page: Page, name: string) {
  return page.getByRole('heading', { name });
}

/** Signs in by the app's own button and the issuer's page. */
async function signIn(page: Page, learner: string): Promise<void> {
  await page.goto(`${stack.worker}/progress`);
  await page.getByRole('link', { name: /^Sign in/ }).click();
  await page.getByLabel('Somebody else').fill(learner);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Progress' }).waitFor();
}

/** Keys of what the tab and the browser hold of this learner. */
function held(page: Page, learner: string): Promise<string[]> {
  return page.evaluate(
    (mine) =>
      [...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((key) => key.includes(mine)),
    encodeURIComponent(learner),
  );
}

browserTest('the app recognizes the sign-in that it asked for, once', async () => {
  await visit(ASKING, async ({ page }) => {
    const { learner } = await newLearnerFragment();
    let back = '';
    page.on('request', (request) => {
      if (request.url().startsWith(`${stack.issuer}/sign-in?`)) back = request.url();
    });
    await signIn(page, learner);
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.locator('.learner').textContent()).toContain(learner);
    expect(page.url()).toBe(`${stack.worker}/progress`);

    // Whoever has seen that state has nothing from it any more.
    const state = new URL(back).searchParams.get('state') ?? '';
    expect(state).toMatch(/^[0-9a-f]{32}$/);
    const other = await tokenFor('mallory');
    await page.goto(`${stack.worker}/settings#token=${other}&state=${state}`);
    await heading(page, 'Sign in as mallory?').waitFor();
  });
});

browserTest('a foreign link does not replace who is signed in without a question', async () => {
  await visit(ASKING, async ({ page }) => {
    const { learner } = await newLearnerFragment();
    await signIn(page, learner);
    const foreign = await tokenFor('mallory');
    for (const fragment of [`#token=${foreign}`, `#token=${foreign}&state=guessed-0123456789`]) {
      await page.goto(`${stack.worker}/settings${fragment}`);
      await heading(page, 'Sign in as mallory?').waitFor();
      expect(page.url()).toBe(`${stack.worker}/settings`);
      expect(await page.getByRole('dialog').textContent()).toContain(`You are signed in as ${learner}.`);
      expect(await page.locator('.learner').textContent()).toContain(learner);
      expect(await axeViolations(page)).toEqual([]);
      await picture(page, 'hand-over');
      await page.getByRole('button', { name: `Stay ${learner}` }).click();
      await page.reload();
      expect(await page.locator('.learner').textContent()).toContain(learner);
    }
    // Also in a page that is open already, and closed by Escape.
    await page.evaluate((token) => {
      window.location.hash = `token=${token}`;
    }, foreign);
    await heading(page, 'Sign in as mallory?').waitFor();
    await page.keyboard.press('Escape');
    await heading(page, 'Sign in as mallory?').waitFor({ state: 'detached' });
    expect(await page.locator('.learner').textContent()).toContain(learner);
  });
});

browserTest('another front end hands a session over, and the learner says yes', async () => {
  await visit(ASKING, async ({ page }) => {
    const { learner, fragment } = await newLearnerFragment();
    await page.goto(`${stack.worker}/review?module=heaps${fragment}`);
    await page.getByRole('button', { name: `Sign in as ${learner}` }).click();
    await page.getByRole('heading', { level: 1, name: 'Review' }).waitFor();
    expect(page.url()).toBe(`${stack.worker}/review?module=heaps`);

    // A newer token of the same learner needs no question.
    await page.goto(`${stack.worker}/settings#token=${await tokenFor(learner, 3600)}`);
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});

browserTest('nobody is signed in by a link that they decline, or by one after signing out', async () => {
  await visit(ASKING, async ({ page }) => {
    const { learner } = await newLearnerFragment();
    await signIn(page, learner);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.goto(`${stack.worker}/#token=${await tokenFor('mallory')}`);
    await heading(page, 'Sign in as mallory?').waitFor();
    await page.getByRole('button', { name: 'Do not sign in' }).click();
    await page.getByRole('link', { name: /^Sign in/ }).waitFor();
    expect(await held(page, 'mallory')).toEqual([]);
  });
});

browserTest(
  'signing out leaves no code on the device, here and in other tabs; preferences stay',
  async () => {
    await visit({}, async ({ page, context, open }) => {
      const { learner, address } = await learnerWithTask();
      await open(address);
      await writeCode(page, 'secret = 1');
      await expect.poll(() => held(page, learner.id)).toContainEqual(expect.stringContaining('.draft:'));
      await page.evaluate(() => localStorage.setItem('study-paths.theme', 'dark'));

      const other = await context.newPage();
      await other.goto(page.url());
      await other.evaluate(
        (token) => sessionStorage.setItem('study-paths.token', token ?? ''),
        learner.token,
      );
      await other.reload();
      await other.locator('.learner').waitFor();
      await writeCode(other, 'late = 2');

      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { level: 1, name: 'You have signed out' }).waitFor();
      await other.getByRole('heading', { level: 1, name: 'You have signed out' }).waitFor();
      // Longer than a draft waits for a pause in typing.
      await page.waitForTimeout(500);
      for (const tab of [page, other]) {
        expect(await held(tab, learner.id)).toEqual([]);
        expect(await tab.evaluate(() => sessionStorage.getItem('study-paths.token'))).toBeNull();
      }
      expect(await page.evaluate(() => localStorage.getItem('study-paths.theme'))).toBe('dark');
      const everything = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
      expect(everything).not.toContain('secret');
      expect(everything).not.toContain('late');
      await other.close();
    });
  },
);
