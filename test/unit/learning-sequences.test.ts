import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DifficultyState, MasteryState } from '#contract/learning.ts';
import type { Module } from '#contract/vocabulary.ts';
import { calendarOf } from '#domain/calendar.ts';
import { startingDifficulty, stepDifficulty } from '#domain/learning/difficulty.ts';
import { applyFirstAttempt } from '#domain/learning/mastery.ts';
import { type SelectedTask, selectTasks } from '#domain/learning/selection.ts';
import { SelectionConfig } from '#domain/learning/selection-input.ts';
import { bankCatalogue } from '../simulate/catalogue.ts';

const START = Date.parse('2026-03-10T09:00:00.000Z');
const { catalogue } = await bankCatalogue(1);
const HORIZON = 4;

type Step = { score: number; skipped: boolean; waitHours: number };

/** Practises through a sequence, topping up after each task as the Worker does; checks every task that is chosen. */
function practise(steps: readonly Step[], tasksPerDay: number, zone: string): void {
  const calendar = calendarOf(zone);
  const solved = new Set<string>();
  const attempted = new Map<string, { problem_id: string; task_id: string }>();
  const skipped: string[] = [];
  const levels = new Map<Module, DifficultyState>();
  const passed = new Map<Module, number>();
  const perDay = new Map<number, number>();
  let mastery = new Map<string, MasteryState>();
  let tasks: (SelectedTask & { open: boolean })[] = [];
  let at = START;

  function topUp(): void {
    const today = calendar.dayOf(at);
    const chosen = selectTasks({
      config: SelectionConfig.parse({ tasks_per_day: tasksPerDay }),
      now: new Date(at).toISOString(),
      calendar,
      catalogue,
      history: { solved, attempted: [...attempted.values()], skipped },
      modules: new Map(
        [...passed].map(([module, n]) => [module, { solved: n, difficulty: levels.get(module) ?? null }]),
      ),
      mastery,
      planned: tasks.filter(
        ({ open, scheduled_at }) => open || calendar.dayOf(Date.parse(scheduled_at)) >= today,
      ),
      reviewsDue: [],
      reviewsDone: [],
      wanted: HORIZON - tasks.filter(({ open }) => open).length,
    });
    for (const task of chosen) {
      const { problem_id } = task;
      if (solved.has(problem_id)) throw new Error(`${problem_id} again, though it is solved`);
      if (tasks.some((known) => known.open && known.problem_id === problem_id))
        throw new Error(`${problem_id} twice at once`);
      if (attempted.has(problem_id) !== (task.retry_of !== null))
        throw new Error(`${problem_id} is no retry`);
      if (task.reason.text === '') throw new Error('no reason');
      const day = calendar.dayOf(Date.parse(task.scheduled_at));
      perDay.set(day, (perDay.get(day) ?? 0) + 1);
    }
    tasks = [...tasks, ...chosen.map((task) => ({ ...task, open: true }))];
  }

  topUp();
  for (const { score, skipped: isSkipped, waitHours } of steps) {
    at += waitHours * 3_600_000;
    const task = tasks.find(({ open }) => open);
    if (task === undefined) throw new Error('the path has nothing left');
    task.open = false;
    if (isSkipped) skipped.push(task.problem_id);
    else {
      const { module, difficulty, topic_tags } = task;
      const after = stepDifficulty(levels.get(module) ?? startingDifficulty([]), score);
      if (after.difficulty < 1 || after.difficulty > 5) throw new Error(`difficulty ${after.difficulty}`);
      levels.set(module, after);
      attempted.delete(task.problem_id);
      if (score === 1) {
        solved.add(task.problem_id);
        passed.set(module, (passed.get(module) ?? 0) + 1);
      } else attempted.set(task.problem_id, { problem_id: task.problem_id, task_id: task.problem_id });
      mastery = new Map([...mastery, ...applyFirstAttempt(topic_tags, mastery, difficulty, score)]);
    }
    topUp();
  }
  expect(Math.max(...perDay.values())).toBeLessThanOrEqual(tasksPerDay);
}

test('over 10,000 random ways through a path no solved problem repeats, no day exceeds its cap and every task has a reason', () => {
  const step = fc.record({
    score: fc.oneof(fc.constantFrom(0, 0.5, 1, 1), fc.double({ min: 0, max: 1, noNaN: true })),
    skipped: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    waitHours: fc.integer({ min: 0, max: 40 }),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 24 }),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom('UTC', 'America/Los_Angeles', 'Pacific/Kiritimati'),
      practise,
    ),
    { numRuns: 10_000 },
  );
}, 120_000);
