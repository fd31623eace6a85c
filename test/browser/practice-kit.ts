import type { Locator, Page } from 'playwright-core';
import type { PathConfigInput, TaskDetail, TaskKind } from '#client/types.ts';
import { type Learner, newLearner } from '../support/api.ts';
import { PLATEAU } from '../support/submissions.ts';

/** A learner with a path and one more task, of a problem that the tests can solve, and the address that opens it. */
export async function learnerWithTask(
  config: PathConfigInput = {},
  { problem = PLATEAU, kind = 'problem' }: { problem?: string; kind?: TaskKind } = {},
): Promise<{ learner: Learner; taskId: string; address: string; fragment: string }> {
  const learner = await newLearner('practice');
  const { path } = await learner.newPath(config);
  const taskId = await learner.newTask(path.id, problem, { kind });
  const fragment = `#token=${learner.token}`;
  return { learner, taskId, address: `/?task=${taskId}${fragment}`, fragment };
}

export function detailOf(learner: Learner, taskId: string): Promise<TaskDetail> {
  return learner.client.getTask(taskId);
}

/** The editor's text area, once its code has come. */
export function editor(page: Page): Locator {
  return page.locator('.cm-content');
}

/** Where the statement fills the window a plain field stands in for the editor, until one comes to it. */
export async function showEditor(page: Page): Promise<void> {
  await page.locator('.editor-plain').waitFor();
  await page.locator('.editor').scrollIntoViewIfNeeded();
  await editor(page).waitFor();
}

export async function codeIn(page: Page): Promise<string> {
  await editor(page).waitFor();
  return editor(page)
    .locator('.cm-line')
    .evaluateAll((lines) => lines.map((line) => line.textContent).join('\n'));
}

/** Puts a text in the place of the editor's, as an input method would. */
export async function writeCode(page: Page, code: string): Promise<void> {
  await editor(page).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(code);
}

/** What this browser keeps of a task's drafts, by language. */
export function keptDrafts(page: Page, taskId: string): Promise<Record<string, string>> {
  return page.evaluate((id) => {
    const mine = Object.entries(localStorage).filter(
      ([key]) => key.startsWith('study-paths.draft:') && key.includes(id),
    );
    return Object.fromEntries(
      mine.map(([key, text]) => [key.split(':').at(-1) ?? '', String(JSON.parse(text).code)]),
    );
  }, taskId);
}

export const runButton = (page: Page) => page.getByRole('button', { name: 'Run tests' });
export const submitButton = (page: Page) => page.getByRole('button', { name: 'Submit', exact: true });
