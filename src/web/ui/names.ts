import type { StatusFilter } from '#contract/history.ts';
import type { Task } from '#contract/tasks.ts';
import type { Language, Module, TaskKind, TaskStatus, Verdict } from '#contract/vocabulary.ts';

/** Status of a task with the two ends of a completed one told apart. */
export type Outcome = Exclude<TaskStatus, 'completed'> | 'solved' | 'attempted';

/** A completed task is solved when some submission passed every test; a lesson, which has no score, when it is done. */
export function outcomeOf({ status, score }: { status: TaskStatus; score: number | null }): Outcome {
  if (status !== 'completed') return status;
  return score === null || score === 1 ? 'solved' : 'attempted';
}

/** How often a task was tried, and how many submissions did not compile, which count for nothing. */
export function attemptsOf({ attempts, metadata }: Pick<Task, 'attempts' | 'metadata'>): {
  attempts: number;
  uncompiled: number;
} {
  const uncompiled = typeof metadata.compile_errors === 'number' ? metadata.compile_errors : 0;
  return { attempts: Math.max(0, attempts - uncompiled), uncompiled };
}

export const OUTCOME_NAMES: Record<Outcome, string> = {
  scheduled: 'Scheduled',
  in_progress: 'In progress',
  solved: 'Solved',
  attempted: 'Attempted',
  skipped: 'Skipped',
  expired: 'Expired',
};

export const STATUS_NAMES: Record<TaskStatus, string> = {
  scheduled: 'Scheduled',
  in_progress: 'In progress',
  completed: 'Completed',
  skipped: 'Skipped',
  expired: 'Expired',
};

/** What a history can be filtered by: the statuses, and what came of the results. */
export const FILTER_NAMES: Record<StatusFilter, string> = {
  ...STATUS_NAMES,
  solved: 'Solved',
  attempted: 'Attempted, not solved',
};

export const KIND_NAMES: Record<TaskKind, string> = {
  problem: 'Problem',
  review: 'Review',
  lesson: 'Lesson',
};

export const DIFFICULTY_NAMES: Readonly<Record<number, string>> = {
  1: 'Very easy',
  2: 'Easy',
  3: 'Medium',
  4: 'Hard',
  5: 'Very hard',
};

/** In teaching order, as the contract lists them. */
export const MODULE_NAMES: Record<Module, string> = {
  introduction: 'Introduction',
  'arrays-strings': 'Arrays and strings',
  hashing: 'Hashing',
  'linked-lists': 'Linked lists',
  'stacks-queues': 'Stacks and queues',
  'trees-graphs': 'Trees and graphs',
  'sorting-searching': 'Sorting and searching',
  heaps: 'Heaps',
  greedy: 'Greedy',
  'dynamic-programming': 'Dynamic programming',
  'recursion-backtracking': 'Recursion and backtracking',
  'bit-manipulation': 'Bit manipulation',
  'math-geometry': 'Math and geometry',
  design: 'Design',
};

/** A topic tag as words: `two-pointers` becomes `Two pointers`; a module's tag is the module's name. */
export function topicName(tag: string): string {
  const names: Readonly<Record<string, string>> = MODULE_NAMES;
  const words = names[tag] ?? tag.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const VERDICT_NAMES: Record<Verdict, string> = {
  AC: 'Accepted',
  WA: 'Wrong answer',
  TLE: 'Time limit exceeded',
  MLE: 'Memory limit exceeded',
  OLE: 'Output limit exceeded',
  RE: 'Runtime error',
  CE: 'Compile error',
  IE: 'Not judged',
};

export const LANGUAGE_NAMES: Record<Language, string> = { python: 'Python', javascript: 'JavaScript' };
