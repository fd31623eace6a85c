import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { stack, withFaults } from '../support/api.ts';
import { scriptOf, withScripts } from '../support/sse.ts';
import { axeViolations, browserTest, picture, type Visit, visit } from './kit.ts';
import {
  codeIn,
  detailOf,
  editor,
  keptDrafts,
  learnerWithTask,
  runButton,
  submitButton,
} from './practice-kit.ts';
import { asMarkdownList, inPieces, XSS_STRINGS } from './xss-strings.ts';

test('the set has at least a hundred different strings', () => {
  expect(new Set(XSS_STRINGS).size).toBe(XSS_STRINGS.length);
  expect(XSS_STRINGS.length).toBeGreaterThanOrEqual(100);
});

/** Notes every dialog, window and request to elsewhere that a string could bring about. */
async function watch({ page, context }: Visit): Promise<string[]> {
  const happened: string[] = [];
  page.on('dialog', (dialog) => {
    happened.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('page', (opened) => happened.push(`window ${opened.url()}`));
  context.on('request', (request) => {
    if (!request.url().startsWith(stack.worker)) happened.push(`request ${request.url()}`);
  });
  await page.addInitScript(() => {
    const calls: string[] = [];
    Object.assign(window, { calls, alert: (text: unknown) => calls.push(String(text)) });
  });
  return happened;
}

/** Touches everything that could react, then tells what ran and what is in the page that must not be. */
async function harm(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    const main = document.querySelector('main');
    const all = [...(main?.querySelectorAll<HTMLElement>('*') ?? [])];
    const events = ['pointerenter', 'mouseover', 'focus', 'animationstart', 'toggle', 'error', 'load'];
    const texts = all.filter((element) => element.closest('.markdown, .values, .why, .note, .hint'));
    for (const element of texts) for (const name of events) element.dispatchEvent(new Event(name));
    const attributes = all.flatMap((element) =>
      [...element.attributes].filter(
        ({ name, value }) => /^on/i.test(name) || /^\s*javascript:/i.test(value),
      ),
    );
    const links = [...document.querySelectorAll<HTMLAnchorElement>('.markdown a')].map(({ href }) => href);
    const foreign =
      'script,style,img,image,iframe,object,embed,svg,math,form,input,video,audio,template,meta,base,link';
    return {
      calls: (window as unknown as { calls: string[] }).calls,
      attributes: attributes.map(({ name, value }) => `${name}=${value}`),
      elements: [...document.querySelectorAll(`.markdown :is(${foreign}), .values :is(${foreign})`)].length,
      links: links.filter((href) => href !== '' && !/^(https?:|mailto:)/.test(href)),
      scripts: [...document.scripts].filter(({ src }) => !src.startsWith(location.origin)).length,
    };
  });
}

const NONE = { calls: [], attributes: [], elements: 0, links: [], scripts: 0 };

/** A problem that no other test asks for: the Worker remembers for a while how it looked. */
const STATEMENT_PROBLEM = 'math-geometry-orchard-fence';

browserTest('a statement, a title and starter code with every string run nothing', async () => {
  await visit({}, async (view) => {
    const { page, open } = view;
    const happened = await watch(view);
    const patch = {
      title: XSS_STRINGS[0] ?? '',
      statement: asMarkdownList(XSS_STRINGS),
      params: XSS_STRINGS.slice(0, 5),
      starter_code: { python: XSS_STRINGS.join('\n') },
      attribution: XSS_STRINGS.join(' '),
    };
    const path = `/v1/problems/${STATEMENT_PROBLEM}`;
    await withFaults(stack.bank, [{ path, kind: 'patch', patch }], async () => {
      const { address } = await learnerWithTask({}, { problem: STATEMENT_PROBLEM });
      await open(address);
      await page
        .locator('.markdown > ul > li')
        .nth(XSS_STRINGS.length - 1)
        .waitFor();
      expect(await page.locator('.markdown > ul > li').count()).toBe(XSS_STRINGS.length);
      expect(await page.locator('h1').textContent()).toBe(patch.title);
      // What looks like markup is there to be read.
      expect(await page.locator('.markdown').first().textContent()).toContain('<img src=x onerror=alert(1)>');
      await editor(page).waitFor();
      await picture(page, 'xss statement');
    });
    expect(await harm(page)).toEqual(NONE);
    expect(happened).toEqual([]);
  });
});

browserTest('hints with every string run nothing, while they stream and afterwards', async () => {
  await visit({}, async (view) => {
    const { page, open } = view;
    const happened = await watch(view);
    const { learner, taskId, address } = await learnerWithTask();
    await open(address);
    const deltas = XSS_STRINGS.map((text) => `${asMarkdownList([text])}\n\nnext\n\n`);
    const encoder = new TextEncoder();
    const events = deltas.map((text) =>
      encoder.encode(`event: delta\ndata: ${JSON.stringify({ text })}\n\n`),
    );
    // A stream that is no JSON, names events as it likes and ends in a level that is markup.
    const raw = XSS_STRINGS.map((text) =>
      encoder.encode(`event: delta\ndata: ${text.replaceAll(/[\r\n]/g, ' ')}\n\n`),
    );
    const done = encoder.encode(`event: done\ndata: {"level":"<img src=x onerror=alert(1)>"}\n\n`);
    await withScripts(stack.tutor, [scriptOf([...events, ...raw, done], 1)], async () => {
      await page.getByLabel('Your question').fill(XSS_STRINGS.join('\n').slice(0, 2000));
      await page.getByRole('button', { name: /^Ask for hint/ }).click();
      await page.getByRole('button', { name: 'Stop' }).waitFor();
      expect(await harm(page)).toMatchObject({ calls: [] });
      await page.getByRole('button', { name: /^Ask for hint/ }).waitFor();
    });
    await page
      .locator('.hint .markdown li')
      .nth(XSS_STRINGS.length - 1)
      .waitFor();
    expect(await harm(page)).toEqual(NONE);
    await expect
      .poll(async () => (await detailOf(learner, taskId)).hints[0]?.outcome, { timeout: 20_000 })
      .toBe('complete');
    await page.reload();
    await page
      .locator('.hint .markdown li')
      .nth(XSS_STRINGS.length - 1)
      .waitFor();
    expect(await page.locator('.hint-question').textContent()).toContain('<script>alert(1)</script>');
    expect(await harm(page)).toEqual(NONE);
    expect(happened).toEqual([]);
  });
});

browserTest('code, what it prints and returns, and what it fails with run nothing', async () => {
  await visit({}, async (view) => {
    const { page, open } = view;
    const happened = await watch(view);
    const { learner, taskId, address } = await learnerWithTask();
    const list = JSON.stringify(XSS_STRINGS);
    const code = [
      `STRINGS = ${list}`,
      'def longest_plateau(heights):',
      '    print("\\n".join(STRINGS))',
      '    if heights[0] == 1:',
      '        raise ValueError(" ".join(STRINGS))',
      '    return {text: index for index, text in enumerate(STRINGS)}',
      ...XSS_STRINGS.map((text) => `# ${text.replaceAll(/[\r\n]/g, ' ')}`),
    ].join('\n');
    await learner.client.submitCode(taskId, { language: 'python', code });
    await open(address);
    await page.locator('.test').first().waitFor();
    expect(await codeIn(page)).toContain('STRINGS = ["<script>alert(1)</script>"');
    for (const test of await page.locator('.test:not([open]) summary').all()) await test.click();
    expect(await page.locator('.test').first().textContent()).toContain('<script>alert(1)</script>');
    expect(await page.locator('.test').nth(1).textContent()).toContain(
      'ValueError: <script>alert(1)</script>',
    );
    const answered = page.locator('.value-bad', { hasText: 'Your answer' });
    expect(await answered.textContent()).toContain('"<svg onload=alert(1)>":');
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'xss output');
    expect(await harm(page)).toEqual(NONE);

    await runButton(page).click();
    await page.locator('.verdict').getByText('Run on the visible tests').waitFor();
    expect(await harm(page)).toEqual(NONE);
    await editor(page).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(XSS_STRINGS.join('\n'));
    await page.getByText('Draft kept').waitFor();
    expect((await keptDrafts(page, taskId)).python).toBe(XSS_STRINGS.join('\n').replaceAll('\r\n', '\n'));
    await submitButton(page).click();
    await page
      .locator('.verdict')
      .getByText(/^Compile error/)
      .waitFor();
    expect(await harm(page)).toEqual(NONE);
    expect(happened).toEqual([]);
  });
});

browserTest('reasons, why a task was chosen and why it was skipped, run nothing', async () => {
  await visit({}, async (view) => {
    const { page, open } = view;
    const happened = await watch(view);
    const { learner, fragment } = await learnerWithTask();
    const { body } = await learner.call<{ path: { id: string } }>('/v1/study-paths/current');
    const reasons = inPieces(XSS_STRINGS, 500);
    const scheduled_at = new Date().toISOString();
    const tasks = reasons.map((reason) => ({ problem_id: 'arrays-longest-plateau', scheduled_at, reason }));
    const batch = await learner.post<{ ids: string[] }>('/v1/study-tasks/batch', {
      path_id: body.path.id,
      tasks,
    });
    expect(batch.status).toBe(201);
    for (const [index, id] of batch.body.ids.entries()) {
      const reason = reasons[index] ?? '';
      if (index === 0) {
        await open(`/?task=${id}${fragment}`);
        await page.getByRole('button', { name: 'Skip' }).click();
        await page.getByLabel('Why?').fill(reason);
        await page.getByRole('button', { name: 'Skip it' }).click();
        await page.waitForURL((url) => url.search === '');
      } else {
        await learner.call(`/v1/study-tasks/${id}`, { method: 'PATCH', body: { status: 'skipped', reason } });
      }
      await open(`/?task=${id}`);
      await page.locator('.skip-reason').waitFor();
      const shown = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
      expect(shown((await page.locator('.skip-reason').textContent()) ?? '')).toContain(shown(reason));
      expect(shown((await page.locator('.why').textContent()) ?? '')).toContain(shown(reason));
      expect(await harm(page)).toEqual(NONE);
    }
    expect(happened).toEqual([]);
  });
});
