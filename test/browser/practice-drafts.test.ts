import { expect } from 'vitest';
import { axeViolations, browserTest, expected, picture, visit } from './kit.ts';
import {
  codeIn,
  detailOf,
  editor,
  keptDrafts,
  learnerWithTask,
  runButton,
  submitButton,
  writeCode,
} from './practice-kit.ts';

browserTest('every language has its draft, its undo history, and survives a reload', async () => {
  await visit({}, async ({ page, open }) => {
    const { address, taskId } = await learnerWithTask();
    await open(address);
    const starter = await codeIn(page);
    await writeCode(page, 'mine = "python"');
    await page.getByText('JavaScript').click();
    await page.getByLabel('Code in JavaScript').waitFor();
    await writeCode(page, 'const mine = "javascript";');
    await page.getByText('Python', { exact: true }).click();
    await page.getByLabel('Code in Python').waitFor();
    expect(await codeIn(page)).toBe('mine = "python"');
    await editor(page).press('Control+z');
    expect(await codeIn(page)).toBe(starter);
    await editor(page).press('Control+y');
    // Typed and gone at once: what waits for a pause in typing is written as the page goes.
    await editor(page).press('Control+End');
    await page.keyboard.type('  # typed');
    await page.reload();
    await editor(page).waitFor();
    expect(await codeIn(page)).toBe('mine = "python"  # typed');
    expect(await keptDrafts(page, taskId)).toEqual({
      python: 'mine = "python"  # typed',
      javascript: 'const mine = "javascript";',
    });
    await page.getByText('JavaScript').click();
    await page.getByLabel('Code in JavaScript').waitFor();
    expect(await codeIn(page)).toBe('const mine = "javascript";');
  });
});

browserTest('of draft and last submission the newer one shows, and the other can be had back', async () => {
  await visit({}, async ({ page, open }) => {
    const { learner, address, taskId } = await learnerWithTask();
    await open(address);
    await writeCode(page, 'draft = 1');
    await page.getByText('Draft kept').waitFor();

    // From another device.
    const code = 'def longest_plateau(heights):\n    return 0';
    await learner.client.submitCode(taskId, { language: 'python', code });
    await page.reload();
    await editor(page).waitFor();
    expect(await codeIn(page)).toBe(code);
    await page.getByText('You see your last submission').waitFor();
    await picture(page, 'practice offer');
    await page.getByText('Your draft on this device').waitFor();
    await page.getByRole('button', { name: 'Restore it' }).click();
    expect(await codeIn(page)).toBe('draft = 1');

    // Now the draft was written knowing the submission, so it comes first.
    await page.reload();
    await editor(page).waitFor();
    expect(await codeIn(page)).toBe('draft = 1');
    await page.getByText(/^Your last submission \(/).waitFor();
    await page.getByRole('button', { name: 'Restore it' }).click();
    expect(await codeIn(page)).toBe(code);
    await page.getByRole('button', { name: 'Back to the starter code' }).click();
    expect(await codeIn(page)).toContain('pass');
    await page
      .getByRole('button', { name: /^Leave out/ })
      .first()
      .click();
  });
});

browserTest('what is offered stays on offer while one types over it', async () => {
  await visit({}, async ({ page, open }) => {
    const { learner, address, taskId } = await learnerWithTask();
    await open(address);
    await writeCode(page, 'old = "draft"');
    await page.getByText('Draft kept').waitFor();
    const code = 'def longest_plateau(heights):\n    return 0';
    await learner.client.submitCode(taskId, { language: 'python', code });
    await page.reload();
    await editor(page).waitFor();
    await writeCode(page, 'new = "draft"');
    await page.getByText('Draft kept').waitFor();
    await page.reload();
    await editor(page).waitFor();
    expect(await codeIn(page)).toBe('new = "draft"');
    await page.getByText(/^What was here before/).waitFor();
    await page.getByRole('button', { name: 'Restore it' }).last().click();
    expect(await codeIn(page)).toBe('old = "draft"');
  });
});

browserTest('two tabs do not overwrite one another unasked', async () => {
  await visit({}, async ({ page, open, context }) => {
    const { address, fragment, taskId } = await learnerWithTask();
    await open(address);
    await editor(page).waitFor();
    const other = await context.newPage();
    await other.goto(expected(`${new URL(page.url()).origin}/?task=${taskId}${fragment}`));
    await editor(other).waitFor();
    await writeCode(other, 'other = "tab"');
    await page.getByText(/^Your draft in another tab/).waitFor();
    await writeCode(page, 'this_one = True');
    await page.getByText('Draft kept').waitFor();
    await page.getByRole('button', { name: 'Restore it' }).click();
    expect(await codeIn(page)).toBe('other = "tab"');
  });
});

browserTest('a double click, a shortcut and a lost answer make one submission', async () => {
  await visit({}, async ({ page, open, complaints }) => {
    const { learner, address, taskId } = await learnerWithTask();
    await open(address);
    await writeCode(page, 'def longest_plateau(heights):\n    return 1\n');
    let sent = 0;
    await page.route('**/submit', async (route) => {
      sent += 1;
      if (sent > 1) return route.continue();
      // The Worker judges it; the answer is lost on the way back.
      await route.fetch();
      return route.abort('connectionreset');
    });
    await submitButton(page).dblclick();
    await editor(page).press('Control+Shift+Enter');
    await page.getByText('sending it again counts once only').waitFor();
    expect(sent).toBe(1);

    // Not even a reload makes two of it.
    await page.reload();
    await editor(page).waitFor();
    await page
      .locator('.verdict')
      .getByText(/^Wrong answer:/)
      .waitFor();
    await submitButton(page).click();
    await page.getByText('Attempt 1').first().waitFor();
    await page.waitForFunction(() => !document.querySelector('.workspace .spinner'));
    expect(sent).toBe(2);
    expect((await detailOf(learner, taskId)).evaluations).toHaveLength(1);
    expect(complaints.splice(0)).toEqual([expect.stringContaining('ERR_CONNECTION_RESET')]);
  });
});

browserTest('without a network one writes on, and runs it afterwards', async () => {
  await visit({}, async ({ page, open, context, complaints }) => {
    const { address, taskId } = await learnerWithTask();
    await open(address);
    await editor(page).waitFor();
    await page.waitForLoadState('networkidle');
    await context.setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await writeCode(page, 'def longest_plateau(heights):\n    return 2\n');
    await page.getByText('Draft kept').waitFor();
    await runButton(page).click();
    await page.getByText('Your code is kept here.').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'practice offline');
    expect(await keptDrafts(page, taskId)).toHaveProperty('python');
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.locator('.verdict').getByText('Run on the visible tests').waitFor();
    const offline = /ERR_INTERNET_DISCONNECTED/;
    expect(complaints.splice(0).filter((line) => !offline.test(line))).toEqual([]);
  });
});

browserTest('without the editor\u2019s code a plain field does', async () => {
  await visit({}, async ({ page, open, complaints }) => {
    await page.route('**/assets/create-editor-*', (route) => route.abort());
    const { address } = await learnerWithTask();
    await open(address);
    const field = page.getByRole('textbox', { name: /^Code in Python/ });
    await field.fill('def longest_plateau(heights):\n    return heights\n');
    await runButton(page).click();
    await page
      .locator('.verdict')
      .getByText(/^Wrong answer: 0 of 2/)
      .waitFor();
    await page.reload();
    expect(await field.inputValue()).toContain('return heights');
    expect(complaints.splice(0).filter((line) => !line.includes('ERR_FAILED'))).toEqual([]);
  });
});
