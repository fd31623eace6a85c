import { expect } from 'vitest';
import { runCron, stack, withFaults } from '../support/api.ts';
import { scriptOf, withScripts } from '../support/sse.ts';
import { axeViolations, browserTest, LOOKS, picture, visit, wear } from './kit.ts';
import {
  codeIn,
  detailOf,
  editor,
  learnerWithTask,
  runButton,
  submitButton,
  writeCode,
} from './practice-kit.ts';

const WRONG = 'def longest_plateau(heights):\n    return 1\n';

browserTest('a submission that cannot be judged now is waited for', async () => {
  await visit({}, async ({ page, open }) => {
    const { address } = await learnerWithTask();
    await open(address);
    await writeCode(page, WRONG);
    await withFaults(
      stack.evaluator,
      [{ path: '/v1/evaluations', kind: 'status', status: 503 }],
      async () => {
        await submitButton(page).click();
        await page.locator('.verdict').getByText('Waiting to be judged').waitFor();
        expect(await axeViolations(page)).toEqual([]);
        await picture(page, 'practice pending');
      },
    );
    // A page that is opened meanwhile waits as well.
    await page.reload();
    await page.locator('.verdict').getByText('Waiting to be judged').waitFor();
    await runCron(new Date(Date.now() + 5 * 60_000));
    await page
      .locator('.verdict')
      .getByText(/^Wrong answer:/)
      .waitFor();
    await page.getByRole('heading', { name: 'Partly solved' }).waitFor();
  });
});

browserTest('a third program at once is told how long to wait', async () => {
  await visit({}, async ({ page, open, complaints }) => {
    const { learner, taskId, address } = await learnerWithTask();
    await open(address);
    await writeCode(page, WRONG);
    const slow = [{ path: '/v1/evaluations', kind: 'delay', delay_ms: 6000 }];
    await withFaults(stack.evaluator, slow, async () => {
      const others = [1, 2].map((number) =>
        learner.post(`/v1/study-tasks/${taskId}/submit`, {
          language: 'python',
          code: `# ${number}\n${WRONG}`,
        }),
      );
      await expect
        .poll(async () => (await detailOf(learner, taskId)).task.pending_evaluations, { timeout: 20_000 })
        .toBe(2);
      await runButton(page).click();
      const note = page.locator('.note', { hasText: 'Two of your programs are being judged already.' });
      await note.waitFor();
      expect(await note.textContent()).toMatch(/Try again in \d+ s/);
      expect(await axeViolations(page)).toEqual([]);
      await picture(page, 'practice too many');
      await Promise.all(others);
    });
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.locator('.verdict').getByText('Run on the visible tests').waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining('429')]);
  });
});

const sse = (event: string, data: unknown) =>
  new TextEncoder().encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);

browserTest('a hint comes word by word, its paragraphs as Markdown, and can be stopped', async () => {
  await visit({}, async ({ page, open }) => {
    const { learner, taskId, address } = await learnerWithTask({ hints_per_task: 2 });
    await open(address);
    await page.getByText('2 hints are left for this task.').waitFor();
    const words = [
      'Think of **runs**',
      ' of `equal` heights.\n\n',
      'And',
      ' then',
      ' you',
      ...Array(400).fill(' go on'),
    ];
    const script = scriptOf(
      words.map((text) => sse('delta', { text })),
      50,
    );
    await withScripts(stack.tutor, [script], async () => {
      await page.getByRole('button', { name: /^Ask for hint 1/ }).click();
      await page.getByRole('log').locator('strong', { hasText: 'runs' }).waitFor();
      await page.getByText('And then you go on').waitFor();
      await picture(page, 'practice hint streaming');
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByText('You stopped this hint.').waitFor();
    });
    await page.getByText('One hint is left for this task.').waitFor();
    const outcomes = async () => (await detailOf(learner, taskId)).hints.map(({ outcome }) => outcome);
    await expect.poll(outcomes, { timeout: 20_000 }).toEqual(['aborted']);

    const cut = scriptOf([
      sse('delta', { text: 'Half a hint' }),
      sse('error', { code: 'X', message: 'gone' }),
    ]);
    await withScripts(stack.tutor, [cut], async () => {
      await page.getByRole('button', { name: /^Ask for hint 2/ }).click();
      await page.getByText('The tutor broke off here.').waitFor();
    });
    await page.getByText('No hint is left for this task.').waitFor();
    expect(await page.getByRole('button', { name: /^Ask for hint/ }).count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);

    // What was said is recorded once the stream has ended, which the page does not wait for.
    await expect.poll(outcomes, { timeout: 20_000 }).toEqual(['aborted', 'failed']);
    await page.reload();
    await page.getByRole('log').locator('strong', { hasText: 'runs' }).waitFor();
    await page.getByText('Half a hint').waitFor();
    await page.getByText('You stopped this hint.').waitFor();
  });
});

browserTest('a tutor that is down is said to be, and nothing is counted', async () => {
  await visit({}, async ({ page, open, complaints }) => {
    const { learner, taskId, address } = await learnerWithTask();
    await open(address);
    await withFaults(stack.tutor, [{ path: '/v1/hints', kind: 'status', status: 503 }], async () => {
      await page.getByRole('button', { name: /^Ask for hint 1/ }).click();
      await page.getByText('The tutor cannot be reached right now. Nothing was counted.').waitFor();
      await wear(page, LOOKS['phone-light']);
      expect(await axeViolations(page)).toEqual([]);
      await picture(page, 'practice no tutor phone');
    });
    expect((await detailOf(learner, taskId)).task.hints_used).toBe(0);
    await page.getByText('20 hints are left for this task.').waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringMatching(/50[23]/)]);
  });
});

browserTest(
  'the keyboard alone: run and submit from within the editor, Escape and Tab to leave it',
  async () => {
    await visit({}, async ({ page, open }) => {
      const { address } = await learnerWithTask();
      await open(address);
      await writeCode(page, WRONG);
      await editor(page).press('Control+Enter');
      await page.locator('.verdict').getByText('Run on the visible tests').waitFor();
      expect(await codeIn(page)).toBe(WRONG);
      await editor(page).press('Control+Home');
      await page.keyboard.press('Tab');
      expect(await codeIn(page)).toBe(`    ${WRONG}`);
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Run tests');
      await page.keyboard.press('?');
      const help = page.getByRole('dialog', { name: 'Keyboard' });
      await help.getByText('Leave the editor; without Esc, Tab indents').waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+Shift+Enter');
      await page.getByRole('heading', { name: 'Partly solved' }).waitFor();
    });
  },
);

browserTest('the clock stops when it is told to', async () => {
  await visit({}, async ({ page, open }) => {
    const { address } = await learnerWithTask();
    await open(address);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    const clock = page.locator('.timer-text');
    await page.waitForFunction(() => document.querySelector('.timer-text')?.textContent !== '0:00');
    await page.getByRole('button', { name: 'Pause the clock' }).click();
    const stopped = await clock.textContent();
    await page.waitForTimeout(1500);
    expect(await clock.textContent()).toBe(stopped);
    await page.getByRole('button', { name: 'Go on with the clock' }).click();
    await page.waitForFunction(
      (text) => document.querySelector('.timer-text')?.textContent !== text,
      stopped,
    );
  });
});
