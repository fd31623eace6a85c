import type { DifficultyState, SelectionReason } from '#contract/learning.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { Difficulty, Module } from '#contract/vocabulary.ts';
import type { Topic } from './candidate-rules.ts';

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

type Place = { module: Module; fresh: boolean; state: DifficultyState; aim: Difficulty };
type Tier = { early: boolean; extra: boolean };

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** Why it is of this difficulty, or of this module; null when there is nothing to explain. */
function levelReason(
  { module, fresh, state, aim }: Place,
  { difficulty }: ProblemSummary,
  { early, extra }: Tier,
): SelectionReason | null {
  const name = MODULE_NAMES[module];
  if (early) {
    const text = `The modules before ${name} have nothing left at your level, so it opens early.`;
    return { code: 'opened-early', text };
  }
  if (difficulty !== aim) {
    const text = `No problem of difficulty ${aim} is left in ${name}; difficulty ${difficulty} is the nearest.`;
    return { code: 'nearest-left', text };
  }
  if (extra)
    return { code: 'extra-practice', text: `You have reached the goal in ${name}; this is extra practice.` };
  if (fresh)
    return { code: 'new-module', text: `${capital(name)} is open: this is your first problem in it.` };
  if (state.reason === 'stepped-down')
    return { code: 'stepped-down', text: `Your last problem in ${name} went badly, so this one is easier.` };
  if (aim < state.difficulty) {
    const text = `Your results in ${name} so far fit difficulty ${aim} better than ${state.difficulty}.`;
    return { code: 'within-reach', text };
  }
  if (state.reason === 'stepped-up')
    return { code: 'stepped-up', text: `You solved two in a row in ${name}, so this one is harder.` };
  return null;
}

function topicReason(name: string, topic: NonNullable<Topic>): SelectionReason {
  const { tag, known, weakest } = topic;
  if (!known) return { code: 'new-topic', text: `You have not met ${topicName(tag)} yet.` };
  if (weakest) return { code: 'weakest-topic', text: `Your weakest topic in ${name} is ${topicName(tag)}.` };
  return { code: 'weakest-topic', text: `Among your weaker topics in ${name} is ${topicName(tag)}.` };
}

/**
 * Why a problem was chosen, in words for the learner: one or two sentences. The code is that of the first one.
 * @param topic what it was chosen for.
 */
export function reasonFor(place: Place, problem: ProblemSummary, topic: Topic, tier: Tier): SelectionReason {
  const name = MODULE_NAMES[place.module];
  const level = levelReason(place, problem, tier);
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
