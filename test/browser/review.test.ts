import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { TaskExport } from '#contract/export.ts';
import { dropTasks, inDatabase, newLearner, stack, withFaults } from '../support/api.ts';
import { readCsv } from '../support/csv.ts';
import { seedTasks } from '../support/history.ts';
import { PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';
import {
  axeViolations,
  browserTest,
  inEveryLook,
  LOOKS,
  picture,
  sidewaysOverflow,
  VIEWS,
  visit,
  wear,
} from './kit.ts';

/** A learner with 300 seeded tasks of every kind beside the eight that a path begins with. */
async function withHistory() {
  const learner = await newLearner('seeded-review');
  const { path, tasks } = await learner.newPath({ time_zone: 'Asia/Kolkata' });
  const seeded = await seedTasks(path.id, 300);
  return { learner, path, tasks, seeded, fragment: `#token=${learner.token}` };
}

/** A task of that learner that was missed, asked about, and then solved. */
async function withStory() {
  const learner = await newLearner('seeded-story');
  const { path } = await learner.newPath();
  // The tasks that a path begins with come out of the way: the story is that of one.
  await dropTasks([path.id]);
  const id = await learner.newTask(path.id, PLATEAU);
  const submit = (code: string) => learner.client.submitCode(id, { language: 'python', code });
  await submit(PLATEAU_CODE.python.WA);
  await (await learner.client.requestHint(id, { question: 'Where do I begin?' })).text();
  await submit(PLATEAU_CODE.python.AC);
  return { learner, id, fragment: `#token=${learner.token}` };
}

/** Polls as patiently as the browser waits. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 });
const count = (page: Page) => page.locator('.count p');
const rows = (page: Page) => page.locator('.timeline > .task');
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('li')?.getAttribute('aria-posinset') ?? null);

async function choose(page: Page, filter: string, options: readonly string[]) {
  await page.locator('summary', { hasText: filter }).click();
  for (const option of options) await page.getByLabel(option, { exact: true }).click();
  await page.keyboard.press('Escape');
}

browserTest('lists every task under its local day, in every look and on paper', async () => {
  const { fragment, tasks } = await withHistory();
  await visit({}, async ({ page, open }) => {
    await open(`/review${fragment}`);
    await count(page).getByText('308 tasks', { exact: true }).waitFor();
    const first = rows(page).first();
    expect(await first.getAttribute('aria-posinset')).toBe('1');
    expect(await first.getAttribute('aria-setsize')).toBe('308');
    // The day is that of the learner's zone, not the browser's.
    const day = await page.locator('.timeline .day time').first().getAttribute('datetime');
    const last =
      tasks
        .map(({ scheduled_at }) => scheduled_at)
        .toSorted()
        .at(-1) ?? '';
    // At four o'clock in Kolkata it is 22:30 in UTC.
    const kolkata = new Date(Date.parse(last) + 1.5 * 3_600_000).toISOString().slice(0, 10);
    expect(day).toBe(kolkata);
    await inEveryLook(page, async (look) => {
      expect(await rows(page).count()).toBeLessThan(60);
      expect(await axeViolations(page), look).toEqual([]);
      expect(await sidewaysOverflow(page), look).toBe(0);
      await picture(page, `review-list-${look}`, false);
    });
    // 320 pixels wide: the filters are folded, so that tasks begin in the first half of the window.
    expect((await rows(page).first().boundingBox())?.y).toBeLessThan(VIEWS.narrow.height / 2 + 60);
    const module = page.locator('summary', { hasText: 'Module' });
    expect(await module.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Filters' }).click();
    await module.waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
    await picture(page, 'review-filters-narrow-dark', false);

    await page.emulateMedia({ media: 'print' });
    await soon(() => rows(page).count()).toBe(308);
    expect(await page.locator('.filters').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await soon(() => rows(page).count()).toBeLessThan(60);
  });
});

browserTest('filters live in the address, and the back button takes them off again', async () => {
  const { fragment, seeded, tasks } = await withHistory();
  await visit({}, async ({ page, open }) => {
    await open(`/review${fragment}`);
    await count(page).getByText('308 tasks', { exact: true }).waitFor();

    await choose(page, 'Module', ['Hashing', 'Heaps']);
    const both = [...seeded, ...tasks].filter(({ module }) => ['hashing', 'heaps'].includes(module)).length;
    await count(page).getByText(`${both} tasks`, { exact: true }).waitFor();
    expect(new URL(page.url()).search).toBe('?module=hashing&module=heaps');
    await choose(page, 'Status', ['Skipped']);
    const skipped = seeded.filter(
      ({ module, status }) => ['hashing', 'heaps'].includes(module) && status === 'skipped',
    ).length;
    expect(skipped).toBeGreaterThan(0);
    await count(page).getByText(`${skipped} task`).waitFor();
    await page.getByRole('status').getByText(`${skipped} task`).waitFor();
    await picture(page, 'review-filtered', false);

    await page.goBack();
    await count(page).getByText(`${both} tasks`, { exact: true }).waitFor();
    await page.goBack();
    await page.goBack();
    await count(page).getByText('308 tasks', { exact: true }).waitFor();
    expect(new URL(page.url()).search).toBe('');
    await page.goForward();
    expect(new URL(page.url()).search).toBe('?module=hashing');

    // `/` goes to the search; what is typed in one go is one step.
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('seeded-17');
    await soon(() => new URL(page.url()).searchParams.get('q')).toBe('seeded-17');
    await page.getByText('Nothing fits these filters').or(rows(page).first()).waitFor();
    await page.getByRole('button', { name: 'Reset the filters' }).first().click();
    await count(page).getByText('308 tasks', { exact: true }).waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
    await page.goBack();
    await soon(() => page.getByRole('searchbox').inputValue()).toBe('seeded-17');

    // Days are the learner's: 2026-03-02 begins at four o'clock in Kolkata, at 22:30 UTC of the day before.
    await page.goto(`${stack.worker}/review?from=2026-03-02&to=2026-03-03`);
    const within = seeded.filter(
      ({ scheduled_at }) => scheduled_at >= '2026-03-01T22:30' && scheduled_at < '2026-03-02T22:30',
    );
    await count(page).getByText(`${within.length} tasks`, { exact: true }).waitFor();
    expect(await page.locator('.timeline .day time').count()).toBe(1);
    await page.goto(`${stack.worker}/review?q=no-such-task`);
    await page.getByText('Nothing fits these filters').waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });
});

browserTest('titles are searched, and difficulty can be hidden', async () => {
  const { fragment } = await withStory();
  await visit({}, async ({ page, open }) => {
    await open(`/review?q=longest+PLATEAU${fragment}`);
    await count(page).getByText('1 task', { exact: true }).waitFor();
    await page.reload();
    await rows(page).first().getByText('Longest plateau', { exact: false }).waitFor();
    expect(await rows(page).first().textContent()).toMatch(/Solved.*easy.*Score 100.?%.*2 attempts/i);
    await page.getByLabel('Show difficulty').click();
    expect(await rows(page).first().textContent()).not.toMatch(/easy/i);
    expect(await page.locator('summary', { hasText: 'Difficulty' }).count()).toBe(0);
    await page.reload();
    await rows(page).first().waitFor();
    expect(await page.getByLabel('Show difficulty').isChecked()).toBe(false);
  });
});

browserTest('the keyboard walks the list, opens a task and comes back to its row', async () => {
  const { fragment } = await withHistory();
  await visit({}, async ({ page, open }) => {
    await open(`/review${fragment}`);
    await count(page).getByText('308 tasks', { exact: true }).waitFor();
    await page.keyboard.press('j');
    await soon(() => focused(page)).toBe('1');
    for (let step = 0; step < 40; step += 1) await page.keyboard.press('j');
    await soon(() => focused(page)).toBe('41');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('k');
    await soon(() => focused(page)).toBe('39');
    await page.keyboard.press('End');
    await soon(() => focused(page)).toBe('308');
    expect(await page.evaluate(() => document.activeElement?.getBoundingClientRect().bottom)).toBeLessThan(
      801,
    );
    await page.keyboard.press('Home');
    await soon(() => focused(page)).toBe('1');
    await page.keyboard.press('ArrowDown');
    await soon(() => focused(page)).toBe('2');

    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('tab', { name: 'Log' }).waitFor();
    expect(new URL(page.url()).searchParams.get('task')).not.toBeNull();
    await page.keyboard.press('Escape');
    await soon(() => new URL(page.url()).search).toBe('');
    await soon(() => focused(page)).toBe('2');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('tab', { name: 'Log' }).waitFor();
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await soon(() => focused(page)).toBe('2');

    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard' });
    for (const label of ['Next task', 'Search your tasks', 'First task, from a task on']) {
      await help.getByText(label, { exact: true }).waitFor();
    }
  });
});

browserTest('the drawer tells the whole story of a task, part by part', async () => {
  const { learner, id, fragment } = await withStory();
  await visit({}, async ({ page, open }) => {
    await open(`/review${fragment}`);
    // What was submitted has planned more tasks, so this one need not be the first.
    await rows(page).locator(`a[href*="${id}"]`).click();
    const drawer = page.getByRole('dialog');
    await drawer.locator('.markdown code').first().waitFor();
    expect(await drawer.getByRole('link', { name: 'Open in practice' }).getAttribute('href')).toBe(
      `/?task=${id}`,
    );
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'review-drawer-statement', false);

    await drawer.getByRole('tab', { name: 'Tests' }).click();
    const judged = /Attempt 2: Accepted, \d+ of \d+ tests passed/;
    await drawer.getByRole('heading', { name: judged }).waitFor();
    expect(new URL(page.url()).searchParams.get('tab')).toBe('tests');
    const results = drawer.getByLabel('Result of');
    const wrong = (await results.locator('option').allTextContents()).find((text) =>
      text.startsWith('Attempt 1'),
    );
    await results.selectOption({ label: wrong ?? '' });
    await drawer.getByText('Your answer', { exact: true }).first().waitFor();
    await drawer.getByText(/\d+ of \d+ passed; test \d+ failed first: Wrong answer/).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'review-drawer-tests', false);

    await drawer.getByRole('tab', { name: 'Submissions' }).click();
    const diff = drawer.locator('.diff');
    await soon(() => diff.textContent()).toContain('-     return len(heights)');
    expect(await diff.textContent()).toContain('+     best = run = 0');
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'review-drawer-submissions', false);

    await drawer.getByRole('tab', { name: 'Hints' }).click();
    await drawer.locator('.question', { hasText: 'Where do I begin?' }).waitFor();
    expect((await drawer.locator('.log .markdown').first().textContent())?.length).toBeGreaterThan(10);
    await wear(page, LOOKS['wide-dark']);
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'review-drawer-hints-dark', false);

    await drawer.getByRole('tab', { name: 'Log' }).click();
    await drawer.getByText(/Attempt 1: Wrong answer, \d+ of \d+ tests passed/).waitFor();
    const events = await learner.events(id);
    expect(await drawer.locator('.log > li').count()).toBe(events.length);
    await drawer.getByText('Raw event').first().click();
    await drawer.getByText('"event_type": "created"').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'review-drawer-log-dark', false);
    await page.emulateMedia({ forcedColors: 'active' });
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'review-drawer-log-forced', false);
    await page.emulateMedia({ forcedColors: 'none', media: 'print' });
    expect(await axeViolations(page)).toEqual([]);
    expect(await rows(page).first().isVisible()).toBe(false);
    // All of it is on paper, not only what a window would show.
    const cut = await drawer.evaluate((dialog) => [
      dialog.scrollHeight - dialog.clientHeight,
      dialog.scrollHeight,
    ]);
    expect(cut).toEqual([0, expect.any(Number)]);
    expect(cut[1]).toBeGreaterThan(VIEWS.wide.height);
    await picture(page, 'review-drawer-log-print');
    await page.emulateMedia({ media: 'screen' });
    await wear(page, LOOKS['wide-light']);

    // What the address says is there again after a reload, and one step back closes it.
    await page.reload();
    await drawer.getByText(/Attempt 1: Wrong answer/).waitFor();
    await page.keyboard.press('Escape');
    await soon(() => new URL(page.url()).search).toBe('');
  });
  await visit({ view: 'phone', scheme: 'dark' }, async ({ page, open }) => {
    await open(`/review?task=${id}&tab=submissions${fragment}`);
    await page.locator('.diff').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
    await picture(page, 'review-drawer-phone-dark', false);
  });
});

browserTest('a task that is not there, and one without its statement, say so', async () => {
  const { id, fragment } = await withStory();
  await visit({}, async ({ page, open, complaints }) => {
    for (const unknown of ['nonsense', crypto.randomUUID()]) {
      await open(`/review?task=${unknown}${fragment}`);
      await page.getByText('This task is not in your history').waitFor();
      await picture(page, 'review-drawer-unknown', false);
      await page.keyboard.press('Escape');
      await soon(() => new URL(page.url()).search).toBe('');
    }
    // The browser notes the one answer of 404, and nothing else.
    expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
    complaints.length = 0;

    const down = { path: '/sql', kind: 'status', status: 500, match: 'hint_requested' };
    await withFaults(stack.neon, [down], async () => {
      await open(`/review?task=${id}&tab=statement${fragment}`);
      await page.getByRole('dialog').getByText('This could not be loaded').waitFor();
      await wear(page, LOOKS['wide-dark']);
      expect(await axeViolations(page)).toEqual([]);
      await picture(page, 'review-drawer-failed-dark', false);
      await page.getByRole('tab', { name: 'Log' }).click();
      await page.getByText(/Attempt 1: Wrong answer/).waitFor();
    });
    complaints.length = 0;
    await page.getByRole('tab', { name: 'Statement' }).click();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'Open in practice' }).waitFor();
  });
});

browserTest('exports what the filters let through, as CSV and JSON that parse', async () => {
  const { fragment, seeded, learner } = await withHistory();
  const wanted = seeded.filter(({ module, status }) => module === 'greedy' && status !== 'skipped');
  await visit({}, async ({ page, open }) => {
    await open(
      `/review?module=greedy&status=completed&status=in_progress&status=expired&status=scheduled${fragment}`,
    );
    await rows(page).first().waitFor();
    await page.locator('summary', { hasText: 'Export' }).click();
    expect(await axeViolations(page)).toEqual([]);
    const save = async (format: string) => {
      const downloading = page.waitForEvent('download');
      await page.getByRole('button', { name: format, exact: true }).click();
      const download = await downloading;
      return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
    };
    const csv = await save('CSV');
    expect(csv.name).toMatch(/^study-tasks-\d{4}-\d{2}-\d{2}\.csv$/);
    const lines = readCsv(csv.text).filter(({ problem_id = '' }) => problem_id.startsWith('seeded-'));
    expect(lines.map(({ task_id }) => task_id).toSorted()).toEqual(wanted.map(({ id }) => id).toSorted());

    await page.getByLabel('Every attempt').check();
    await page.getByLabel('With my code').check();
    const json = await save('JSON');
    expect(json.name).toMatch(/\.json$/);
    const document = TaskExport.parse(JSON.parse(json.text));
    expect(document.filters).toMatchObject({
      module: ['greedy'],
      attempts: true,
      include: ['code'],
      order: 'desc',
    });
    const own = document.tasks.filter(({ problem_id }) => problem_id.startsWith('seeded-'));
    expect(own.map(({ id }) => id).toSorted()).toEqual(wanted.map(({ id }) => id).toSorted());
    expect(own[0]?.submissions).toEqual([]);
  });
  expect((await inDatabase('select 1 from study_paths where user_id = $1', [learner.id])).length).toBe(1);
});

browserTest(
  'says when there is nothing yet, when the list cannot be had, and loads by itself once it can',
  async () => {
    const learner = await newLearner('review');
    await visit({}, async ({ page, context, open, complaints }) => {
      await open(`/review#token=${learner.token}`);
      await page.getByText('No tasks yet').waitFor();
      expect(await axeViolations(page)).toEqual([]);

      await learner.newPath();
      const down = { path: '/sql', kind: 'status', status: 500, match: 'page' };
      await withFaults(stack.neon, [down], async () => {
        await page.reload();
        await page.getByText('This could not be loaded').waitFor();
        expect(await axeViolations(page)).toEqual([]);
      });
      await page.getByRole('button', { name: 'Try again' }).first().click();
      await rows(page).first().waitFor();

      await context.setOffline(true);
      await page.locator('summary', { hasText: 'Kind' }).click();
      await page.getByLabel('Lesson', { exact: true }).click();
      await page.getByRole('heading', { name: 'No connection' }).waitFor();
      expect(await axeViolations(page)).toEqual([]);
      await context.setOffline(false);
      await page.getByText('Nothing fits these filters').waitFor();
      complaints.length = 0;
    });
  },
);
