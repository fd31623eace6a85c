import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { PathCreated } from '#contract/paths.ts';
import { newLearner, solution, stack } from '../support/api.ts';
import {
  axeViolations,
  browserTest,
  inEveryLook,
  LOOKS,
  picture,
  sidewaysOverflow,
  visit,
  wear,
} from './kit.ts';

/** A learner who has solved the first task of a path and missed the second one. */
async function practised() {
  const learner = await newLearner('progress');
  const { tasks, path }: PathCreated = await learner.newPath({ time_zone: 'Europe/Berlin' });
  const [first, second] = tasks;
  if (first === undefined || second === undefined) throw new Error('a path begins with tasks');
  const code = await solution(first.problem_id, 'python');
  await learner.client.submitCode(first.id, { language: 'python', code });
  const problem = await fetch(`${stack.bank}/v1/problems/${second.problem_id}`);
  const { starter_code } = (await problem.json()) as { starter_code: { javascript: string } };
  const wrong = await learner.client.submitCode(second.id, {
    language: 'javascript',
    code: `${starter_code.javascript}// missed on purpose\n`,
  });
  expect(wrong.task.status).toBe('completed');
  return { learner, path, fragment: `#token=${learner.token}` };
}

browserTest('shows what was done, what it shows and what comes back, in every look', async () => {
  const { fragment } = await practised();
  await visit({}, async ({ page, open }) => {
    await open(`/progress${fragment}`);
    await page.getByRole('heading', { name: 'Modules' }).waitFor();
    const headline = page.locator('.figures');
    expect(await headline.locator('div', { hasText: 'Completed' }).locator('dd').first().textContent()).toBe(
      '2',
    );
    expect(await headline.locator('div', { hasText: 'first try' }).locator('dd').first().textContent()).toBe(
      '50%',
    );
    expect(await page.locator('section', { hasText: 'Practice' }).first().textContent()).toContain(
      '1 day in a row now',
    );
    // A problem solved today comes back on one day of the next ninety.
    await page.getByText('90 days').click();
    expect(await page.locator('.forecast .bar-hit').count()).toBe(90);
    const bars = await page
      .locator('.forecast a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('aria-label') ?? ''));
    expect(bars).not.toEqual([]);
    expect(bars.filter((label) => label.includes(': 0 reviews'))).toEqual([]);
    await inEveryLook(page, (look) => picture(page, `progress-${look}`));
    await wear(page, LOOKS['wide-light']);
    await page.emulateMedia({ media: 'print' });
    await picture(page, 'progress-print');
    await page.emulateMedia({ media: 'screen', forcedColors: 'active' });
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'progress-forced');
    await page.emulateMedia({ forcedColors: 'none' });
    await page.getByText('Days with practice: table').click();
    await page.getByText('Reviews ahead: table').click();
    await inEveryLook(page, async (look) => {
      expect(await axeViolations(page), look).toEqual([]);
      expect(await sidewaysOverflow(page), look).toBe(0);
    });
  });
});

browserTest('a bar of the forecast leads to the reviews of its day, never to an empty list', async () => {
  const { fragment } = await practised();
  await visit({}, async ({ page, open }) => {
    await open(`/progress${fragment}`);
    const bars = page.locator('.forecast a');
    await bars.first().waitFor();
    for (let place = 0; place < (await bars.count()); place += 1) {
      const bar = bars.nth(place);
      const [href, label] = [await bar.getAttribute('href'), await bar.getAttribute('aria-label')];
      await bar.focus();
      await page.keyboard.press('Enter');
      const list = page.locator('section', { has: page.getByRole('heading', { name: /^Due on / }) }).last();
      await list.getByRole('listitem').first().waitFor();
      expect(page.url()).toContain(href);
      expect(label).toContain(`${await list.getByRole('listitem').count()} review`);
    }
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Hide the list' }).click();
    await page.getByRole('heading', { name: /^Due on / }).waitFor({ state: 'detached' });
  });
});

browserTest('a new path shows the learner’s days, and the older one is a choice away', async () => {
  const { learner, path, fragment } = await practised();
  await learner.newPath({ time_zone: 'Europe/Berlin' });
  await visit({}, async ({ page, open }) => {
    await open(`/progress${fragment}`);
    const figure = (name: string) =>
      page
        .locator('.figures > div', { has: page.getByText(name, { exact: true }) })
        .locator('dd')
        .first();
    await page.getByText('1 day in a row now').waitFor();
    expect(await figure('Completed').textContent()).toBe('0');
    expect(await figure('Right at the first try').textContent()).toBe('—');
    expect(await figure('Days in a row').textContent()).toBe('1');
    await page.getByLabel('Path').selectOption({ index: 1 });
    await page.waitForURL(`**/progress?path=${path.id}`);
    await page.getByText('50%', { exact: true }).first().waitFor();
    expect(await figure('Completed').textContent()).toBe('2');
    await page.goBack();
    await page.waitForURL('**/progress');
    await open(`/progress?path=${path.id}`);
    await page.getByText('50%', { exact: true }).first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });
});

browserTest('changes the path, says what is wrong, and begins a new one with the same settings', async () => {
  const { learner, path, fragment } = await practised();
  await visit({}, async ({ page, open }) => {
    await open(`/settings${fragment}`);
    const save = page.getByRole('button', { name: 'Save' });
    await page.getByLabel('New tasks a day').fill('99');
    await save.click();
    await page.getByText('Enter a whole number from 1 to 20.').waitFor();
    expect(await axeViolations(page)).toEqual([]);

    await page.getByLabel('New tasks a day').fill('6');
    await page.getByLabel('Retention you want').fill('92');
    await page.getByLabel('Hints per task').fill('');
    await page.getByText('Modules: all').click();
    await page.getByLabel('Practise Design').uncheck();
    await page.getByLabel('How much of Heaps').selectOption('2');
    await picture(page, 'settings-wide-light');
    await save.click();
    await page.getByText('Your path has changed.').waitFor();

    await page.getByRole('button', { name: 'Start a new path' }).click();
    await page.getByRole('button', { name: 'Start it' }).click();
    await page.getByText('Your new path is ready.').waitFor();
    await page.getByText('Earlier path').waitFor();
  });
  const { body } = await learner.call<{ path: PathCreated['path'] }>('/v1/study-paths/current');
  expect(body.path.id).not.toBe(path.id);
  expect(body.path.config).toMatchObject({
    tasks_per_day: 6,
    desired_retention: 0.92,
    hints_per_task: null,
    module_weights: { heaps: 2 },
    time_zone: 'Europe/Berlin',
  });
  expect(body.path.config.modules).toHaveLength(13);
});

browserTest('settings on a phone in the dark have no flaw that axe finds', async () => {
  const { fragment } = await practised();
  await visit({ view: 'phone', scheme: 'dark' }, async ({ page, open }) => {
    await open(`/settings${fragment}`);
    await page.getByText('Modules: all').click();
    expect(await axeViolations(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
    await picture(page, 'settings-phone-dark');
  });
});

browserTest('downloads everything, then erases it', async () => {
  const { learner, fragment } = await practised();
  await visit({}, async ({ page, open, complaints }) => {
    await open(`/settings${fragment}`);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download my data' }).click();
    const file = await (await downloading).path();
    const everything = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    expect(JSON.stringify(everything)).toContain('missed on purpose');

    await page.getByRole('button', { name: 'Erase my data' }).click();
    await page.getByRole('heading', { name: 'Erase everything?' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Keep my data' }).click();
    expect((await learner.call('/v1/study-paths/current')).status).toBe(200);

    await page.getByRole('button', { name: 'Erase my data' }).click();
    await page.getByRole('button', { name: 'Erase it all' }).click();
    await page.getByRole('heading', { level: 1, name: 'You have signed out' }).waitFor();
    // The browser notes the two refusals that carry the confirmation (428), and nothing else.
    expect(complaints.filter((line) => !line.includes('428'))).toEqual([]);
    complaints.length = 0;
  });
  expect((await learner.call('/v1/study-paths/current')).status).toBe(404);
});
