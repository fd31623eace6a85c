import { expect } from 'vitest';
import type { PathConfigInput } from '#client/types.ts';
import type { NextTask } from '#contract/paths.ts';
import { newLearner, solution } from '../support/api.ts';
import { axeViolations, browserTest, picture, sidewaysOverflow, visit } from './kit.ts';
import {
  codeIn,
  detailOf,
  editor,
  learnerWithTask,
  runButton,
  showEditor,
  submitButton,
  writeCode,
} from './practice-kit.ts';

browserTest('a first day: path, task, run, two hints, a wrong and a right submission, and on', async () => {
  await visit({}, async ({ page, open }) => {
    const learner = await newLearner('first-day');
    await open(`/#token=${learner.token}`);
    await page.getByRole('button', { name: 'Start your path' }).click();
    await editor(page).waitFor();
    const { task, problem } = (await learner.call<NextTask>('/v1/study-tasks/next')).body;
    const title = problem?.title ?? '';
    expect(await page.locator('h1').textContent()).toBe(title);
    expect(await page.title()).toBe(`${title} · Study Paths`);
    expect(await page.locator('.why').textContent()).toContain(String(task.metadata.reason));
    expect(await page.locator('.example').count()).toBe(problem?.visible_tests.length);
    expect(await codeIn(page)).toBe(problem?.starter_code.python);
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'practice task');

    await runButton(page).click();
    await page.locator('.verdict').getByText('Run on the visible tests').waitFor();
    await page.getByText('In progress').waitFor();
    await page.getByRole('button', { name: 'Pause the clock' }).waitFor();
    expect((await detailOf(learner, task.id)).evaluations).toEqual([]);

    await page.getByLabel('Your question').fill('How do I begin?');
    await page.getByRole('button', { name: /^Ask for hint 1/ }).click();
    const log = page.getByRole('log');
    await log.getByText('You asked: “How do I begin?”.').waitFor();
    await page.getByRole('button', { name: /^Ask for hint 2/ }).click();
    await log.getByText(/^Hint level 2 of/).waitFor();
    await page.getByRole('button', { name: /^Ask for hint/ }).waitFor();
    await page.getByText('18 hints are left for this task.').waitFor();

    await writeCode(page, `def ${problem?.entry_point}(*args):\n    return "wrong"\n`);
    await submitButton(page).click();
    await page.getByRole('heading', { name: 'Not solved yet' }).waitFor();
    await page
      .locator('.verdict')
      .getByText(/^Wrong answer: 0 of/)
      .waitFor();
    expect(await page.locator('.value-bad mark').first().textContent()).toBe('wrong');
    await page.getByText(/Comes back for review on .*, graded Again\./).waitFor();
    const grade = (name: string) => page.getByRole('button', { name, exact: true });
    expect(await grade('Again').getAttribute('aria-pressed')).toBe('true');
    await grade('Hard').click();
    await page.getByText(/Comes back for review on .*, graded Hard\./).waitFor();
    expect(await grade('Hard').getAttribute('aria-pressed')).toBe('true');
    const own = (await learner.events(task.id)).findLast(({ event_type }) => event_type === 'graded');
    expect(own?.payload).toMatchObject({ grade: 'hard', source: 'learner' });
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'practice wrong');
    await page.emulateMedia({ forcedColors: 'active' });
    await picture(page, 'practice wrong forced');
    await page.emulateMedia({ forcedColors: 'none', media: 'print' });
    await picture(page, 'practice wrong print');
    await page.emulateMedia({ media: 'screen' });

    await writeCode(page, await solution(task.problem_id, 'python'));
    await submitButton(page).click();
    await page.getByRole('heading', { name: 'Solved' }).waitFor();
    await page
      .locator('.verdict')
      .getByText(/^Accepted:/)
      .waitFor();
    await page.getByText('First score').waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'practice solved dark');

    const { evaluations, task: done } = await detailOf(learner, task.id);
    expect(evaluations.map(({ verdict }) => verdict)).toEqual(['AC', 'WA']);
    expect(done).toMatchObject({ score: 1, hints_used: 2, attempts: 2, metadata: { first_score: 0 } });

    await page.getByRole('button', { name: 'Next task' }).click();
    await page.waitForFunction((old) => document.querySelector('h1')?.textContent !== old, title);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await editor(page).waitFor();
  });
});

browserTest(
  'of hidden tests the page says how many passed and the first that failed, nothing else',
  async () => {
    await visit({ view: 'phone' }, async ({ page, open }) => {
      const { address } = await learnerWithTask();
      await open(address);
      await showEditor(page);
      await writeCode(page, 'def longest_plateau(heights):\n    print("seen", heights)\n    return 3\n');
      await submitButton(page).click();
      await page.getByRole('heading', { name: 'Partly solved' }).waitFor();
      expect(await page.locator('.hidden-tests').textContent()).toMatch(
        /^Hidden tests \d+ of 11 passed; test \d+ failed first: Wrong answer$/,
      );
      expect((await page.locator('.results').textContent())?.match(/seen/g)).toHaveLength(2);
      expect(await sidewaysOverflow(page)).toBe(0);
      expect(await axeViolations(page)).toEqual([]);
      await picture(page, 'practice partly phone');
    });
  },
);

browserTest('skips with a reason, which is kept; the skipped task takes no code any more', async () => {
  await visit({}, async ({ page, open }) => {
    const { learner, taskId, address } = await learnerWithTask();
    await open(address);
    await page.getByRole('button', { name: 'Skip' }).click();
    const dialog = page.getByRole('dialog', { name: 'Skip this task?' });
    await dialog.getByLabel('Why?').fill('  I know this one.  ');
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'practice skip');
    await dialog.getByRole('button', { name: 'Skip it' }).click();
    await page.waitForURL((url) => url.search === '');
    await editor(page).waitFor();
    const { task } = await detailOf(learner, taskId);
    expect(task).toMatchObject({ status: 'skipped', metadata: { skip_reason: 'I know this one.' } });

    await open(`/?task=${taskId}`);
    await page.getByText('This task was skipped. It takes no code any more.').waitFor();
    expect(await submitButton(page).count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'To the next task' }).click();
    await editor(page).waitFor();
  });
});

browserTest('a lesson is read and done', async () => {
  await visit({}, async ({ page, open }) => {
    const { learner, taskId, address } = await learnerWithTask({}, { kind: 'lesson' });
    await open(address);
    await page.getByRole('button', { name: 'I have read this lesson' }).click();
    await page.getByRole('heading', { name: 'Lesson done' }).waitFor();
    expect((await detailOf(learner, taskId)).task.status).toBe('completed');
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'practice lesson');
  });
});

browserTest('says when nothing is left, and when the next review comes', async () => {
  await visit({}, async ({ page, open }) => {
    // No module weighs anything, so that nothing new is chosen.
    const config: PathConfigInput = { modules: ['arrays-strings'], module_weights: { 'arrays-strings': 0 } };
    const learner = await newLearner('practice');
    const { path, tasks } = await learner.client.createPath({ config });
    expect(tasks).toEqual([]);
    const taskId = await learner.newTask(path.id, 'arrays-longest-plateau');
    const code = await solution('arrays-longest-plateau', 'python');
    await learner.client.submitCode(taskId, { language: 'python', code });
    expect(await learner.client.getNextTask()).toBeNull();
    await open(`/#token=${learner.token}`);
    await page.getByRole('heading', { name: 'Nothing is left to do' }).waitFor();
    await page.getByText('Your next review is “The Longest Plateau” on').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'practice nothing left');
  });
});

browserTest('a link to a task that is not there says so', async () => {
  await visit({}, async ({ page, open, complaints }) => {
    const learner = await newLearner('lost');
    await open(`/?task=nonsense#token=${learner.token}`);
    await page.getByRole('heading', { name: 'There is no such task' }).waitFor();
    await open(`/?task=${crypto.randomUUID()}`);
    await page.getByRole('heading', { name: 'There is no such task' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    // The API's 404 is in the console, as the browser reports each.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('404')]);
  });
});

browserTest('works 320 pixels wide, in the dark, with difficulties hidden', async () => {
  await visit({ view: 'narrow', scheme: 'dark' }, async ({ page, open }) => {
    const { address } = await learnerWithTask();
    await page.addInitScript(() => localStorage.setItem('study-paths.difficulty', 'hidden'));
    await open(address);
    await showEditor(page);
    expect(await page.getByText('Very easy').count()).toBe(0);
    expect(await sidewaysOverflow(page)).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'practice narrow dark');
  });
});
