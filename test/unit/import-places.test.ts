import { expect, test } from 'vitest';
import * as z from 'zod';
import { ImportError } from '#cli/import/document.ts';
import { checkPast, checkTexts, HAPPENED, HAPPENED_DAYS, PLANNED } from '#cli/import/places.ts';
import { LearnerExport, TaskExport } from '#contract/export.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const MINUTE = 60_000;

const at = (ms: number) => new Date(NOW + ms).toISOString();

function refusal(check: () => void): string[] {
  try {
    check();
  } catch (error) {
    if (error instanceof ImportError) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** Names of the properties of a JSON schema that hold a text of this format. */
function namesOf(schema: unknown, format: string): Set<string> {
  const names = new Set<string>();
  const visit = (node: unknown, name: string) => {
    if (Array.isArray(node)) for (const item of node) visit(item, name);
    if (typeof node !== 'object' || node === null) return;
    if ('format' in node && node.format === format) names.add(name);
    for (const [key, below] of Object.entries(node)) {
      if (key !== 'properties') visit(below, name);
      else for (const [property, shape] of Object.entries(below as object)) visit(shape, property);
    }
  };
  visit(schema, '');
  return names;
}

test('every date of both exports is either planned or has happened', () => {
  const schemas = [TaskExport, LearnerExport].map((schema) => z.toJSONSchema(schema, { io: 'input' }));
  expect([...namesOf(schemas, 'date-time')].toSorted()).toEqual([...PLANNED, ...HAPPENED].toSorted());
  expect([...namesOf(schemas, 'date')].toSorted()).toEqual([...HAPPENED_DAYS].toSorted());
});

const task = { status: 'scheduled', expires_at: at(400 * 86_400_000) };

test.each([...HAPPENED])('%s in the future is refused by its place, at any depth', (name) => {
  const document = {
    tasks: [task],
    events: [{ id: 'a' }, { payload: { before: { [name]: at(6 * MINUTE) } } }],
  };
  expect(refusal(() => checkPast(document, NOW))).toEqual([
    `events.1.payload.before.${name}: ${at(6 * MINUTE)} lies in the future`,
  ]);
  const soon = { tasks: [task], events: [{ payload: { [name]: at(5 * MINUTE) } }] };
  expect(refusal(() => checkPast(soon, NOW))).toEqual([]);
});

test('a day may be the one that has begun in the easternmost zone, and no later one', () => {
  const days = (day: string) => refusal(() => checkPast({ tasks: [{ ...task, day }] } as never, NOW));
  expect(days('2026-12-01')).toEqual([]);
  expect(days('2026-12-02')).toEqual(['tasks.0.day: 2026-12-02 lies in the future']);
});

test('plans, and dates that the learner or a program has written, may lie ahead', () => {
  const ahead = at(86_400_000);
  const own = { created_at: ahead, day: '2099-01-01' };
  const document = {
    tasks: [{ ...task, scheduled_at: ahead, metadata: own }],
    paths: [{ config: own }],
    review_queue: [{ state: { due: ahead } }],
    evaluations: [{ tests: [{ actual: own }], code: ahead }],
  };
  expect(refusal(() => checkPast(document, NOW))).toEqual([]);
});

test('a task that has expired did so in the past', () => {
  const expired = { ...task, status: 'expired' };
  expect(refusal(() => checkPast({ tasks: [task, expired] }, NOW))).toEqual([
    `tasks.1.expires_at: ${expired.expires_at} lies in the future, and the task has expired`,
  ]);
});

test('half a surrogate pair or NUL is refused by its place, in values and in names', () => {
  const json: unknown = JSON.parse(
    '{"tasks": [{"metadata": {"note": "a\\ud800", "deep": [["\\u0000"]]}}, {"metadata": {"\\udc00": {}}}], "fine": "\\ud83d\\ude00"}',
  );
  const problem = 'must be well-formed text without NUL';
  expect(refusal(() => checkTexts(json))).toEqual([
    `tasks.0.metadata.note: ${problem}`,
    `tasks.0.metadata.deep.0.0: ${problem}`,
    `tasks.1.metadata.\u{fffd}: its name ${problem}`,
  ]);
});

test('a document may be as wide and as deep as memory holds', () => {
  const wide = Array.from({ length: 300_000 }, (_, index) => index);
  const deep: unknown = JSON.parse(`${'['.repeat(20_000)}"\\ud800"${']'.repeat(20_000)}`);
  expect(refusal(() => checkTexts({ wide }))).toEqual([]);
  expect(refusal(() => checkTexts({ deep }))[0]).toMatch(/^deep\.0\.0.*must be well-formed/);
});
