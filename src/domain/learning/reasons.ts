import type { SelectionReason } from '#contract/learning.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { Module } from '#contract/vocabulary.ts';
import type { Topic } from './candidates.ts';
import type { How, ModulePlan } from './modules.ts';
import type { Tier } from './selection-input.ts';

/** Modules as the reasons of tasks name them. */
export const MODULE_NAMES = {
  introduction: 'introduction',
  'arrays-strings': 'arrays and strings',
  hashing: 'hashing',
  'linked-lists': 'linked lists',
  'stacks-queues': 'stacks and queues',
  'trees-graphs': 'trees and graphs',
  'sorting-searching': 'sorting and searching',
  heaps: 'heaps',
  greedy: 'greedy algorithms',
  'dynamic-programming': 'dynamic programming',
  'recursion-backtracking': 'recursion and backtracking',
  'bit-manipulation': 'bit manipulation',
  'math-geometry': 'math and geometry',
  design: 'design',
} as const satisfies Record<Module, string>;

/** A tag as a learner reads it; those of modules by their names. */
function topicName(tag: string): string {
  const names: Record<string, string> = MODULE_NAMES;
  return names[tag] ?? tag.replaceAll('-', ' ');
}

type Place = Pick<ModulePlan, 'module' | 'fresh' | 'state' | 'aim' | 'solved' | 'target'>;
type Choice = { how: How; tier: Tier };

/** Why a problem comes back that was tried and not solved. */
export const RETRY_REASON: SelectionReason = {
  code: 'retry',
  text: 'Nothing new is left, so this one comes back: you have tried it and not solved it yet.',
};

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** Why a problem comes that is not new to the learner; null for one that is. */
function tierReason(tier: Tier): SelectionReason | null {
  switch (tier) {
    case 'new':
      return null;
    case 'same-function':
      return {
        code: 'same-function',
        text: 'Nothing else new is left; this one asks for the same function as a problem that you know.',
      };
    case 'skipped':
      return {
        code: 'skipped-before',
        text: 'Nothing else new is left, so this one comes back: you skipped it a short time ago.',
      };
    default:
      return tier satisfies never;
  }
}

/** Why the module has its turn out of order; null when it has not. */
function orderReason({ module, solved, target }: Place, how: How): SelectionReason | null {
  const name = MODULE_NAMES[module];
  switch (how) {
    case 'goals-planned': {
      const text = `All that the goals of the open modules need is solved or planned, so ${name} opens early.`;
      return { code: 'opened-early', text };
    }
    case 'out-of-reach': {
      const text = `The open modules have no new problem near your level left, so ${name} opens early.`;
      return { code: 'opened-early', text };
    }
    case 'extra': {
      const goal = solved >= target ? 'You have reached the goal' : 'Your planned tasks complete the goal';
      return { code: 'extra-practice', text: `${goal} in ${name}; this is extra practice.` };
    }
    case 'suited':
    case 'anything':
      return null;
    default:
      return how satisfies never;
  }
}

/** Why it is of this difficulty, or of this module; null when there is nothing to explain. */
function levelReason({ module, fresh, state, aim }: Place, problem: ProblemSummary): SelectionReason | null {
  const name = MODULE_NAMES[module];
  const { difficulty } = problem;
  if (difficulty !== aim) {
    const text = `No new problem of difficulty ${aim} is left in ${name}; difficulty ${difficulty} is the nearest.`;
    return { code: 'nearest-left', text };
  }
  if (fresh)
    return { code: 'new-module', text: `${capital(name)} is open: this is your first problem in it.` };
  if (state.reason === 'stepped-down') {
    const text = `Your last new problem in ${name} passed less than half of its tests, so your level there is now ${state.difficulty}.`;
    return { code: 'stepped-down', text };
  }
  if (aim < state.difficulty) {
    const text = `Your results in ${name} so far fit difficulty ${aim} better than ${state.difficulty}.`;
    return { code: 'within-reach', text };
  }
  if (state.reason === 'stepped-up') {
    const text = `You solved two in a row in ${name}, so your level there is now ${state.difficulty}.`;
    return { code: 'stepped-up', text };
  }
  return null;
}

function topicReason(name: string, topic: NonNullable<Topic>): SelectionReason {
  const { tag, known, weakest } = topic;
  if (!known) return { code: 'new-topic', text: `You have not met ${topicName(tag)} yet.` };
  if (weakest) return { code: 'weakest-topic', text: `Your weakest topic in ${name} is ${topicName(tag)}.` };
  const text = `Next is ${topicName(tag)}: with the tasks that are planned already, it needs practice most here.`;
  return { code: 'topic-turn', text };
}

/**
 * Why a problem was chosen, in words for the learner: one or two sentences. The code is that of the first one.
 * @param topic what it was chosen for.
 */
export function reasonFor(
  place: Place,
  problem: ProblemSummary,
  topic: Topic,
  { how, tier }: Choice,
): SelectionReason {
  const name = MODULE_NAMES[place.module];
  const again = tierReason(tier);
  if (again !== null) return again;
  const level = orderReason(place, how) ?? levelReason(place, problem);
  const about = topic === null ? null : topicReason(name, topic);
  if (level === null)
    return (
      about ?? {
        code: 'at-your-level',
        text: `The next problem in ${name} at your level (difficulty ${problem.difficulty}).`,
      }
    );
  return about === null ? level : { code: level.code, text: `${level.text} ${about.text}` };
}
