import { expect, test } from 'vitest';
import { docsPage } from '#cli/openapi/docs/page.ts';
import { createDocument } from '#cli/openapi/document.ts';
import { OPERATIONS } from '#contract/api/index.ts';
import { ProblemCode } from '#contract/problem-details.ts';

const document = await createDocument();
const page = docsPage(document);

const all = (pattern: RegExp) => [...page.matchAll(pattern)].map(([, found = '']) => found);
const anchors = all(/ id="([^"]+)"/g);

test('the page has a place for every operation, code and schema, and every link leads to one', () => {
  const { schemas } = document.components as { schemas: object };
  expect(anchors).toEqual(expect.arrayContaining(OPERATIONS.map(({ id }) => id)));
  expect(anchors).toEqual(expect.arrayContaining(ProblemCode.options.map((code) => `problem-${code}`)));
  expect(anchors).toEqual(expect.arrayContaining(Object.keys(schemas).map((name) => `schema-${name}`)));
  expect(new Set(anchors).size).toBe(anchors.length);
  expect(all(/href="#([^"]+)"/g).filter((target) => !anchors.includes(target))).toEqual([]);
});

test('the page runs and loads nothing that the content security policy forbids', () => {
  expect(page).not.toMatch(
    /<script|<style| style=| on[a-z]+="|https?:\/\/(?!127\.0\.0\.1|study-paths|json-schema)/i,
  );
  expect(all(/(?:src|href)="([^"#]+)"/g).filter((address) => !address.startsWith('/'))).toEqual([]);
});

test('texts of the contract stay texts', () => {
  expect(page).toContain('Authorization: Bearer &lt;token&gt;');
  expect(page).not.toContain('Bearer <token>');
  // Every command can be pasted: what it quotes for the shell holds no quote of its own.
  for (const command of all(/<pre[^>]*><code>(curl [\s\S]*?)<\/code>/g)) {
    expect((command.match(/&#39;/g) ?? []).length % 2, command).toBe(0);
  }
});
