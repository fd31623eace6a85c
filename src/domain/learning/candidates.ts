import type { MasteryState } from '#contract/learning.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { Difficulty, Module } from '#contract/vocabulary.ts';
import { expectedSuccess, INITIAL_RATING } from './mastery.ts';

/** Below this chance of success a problem is taken only where there is none with a better one. */
const GAMBLE = 0.5;
/** Elo points by which a topic becomes less urgent with every task that is planned for it. */
const PLANNED_BONUS = 60;

/** The topic that a problem was chosen for; null when it has none but its module. */
export type Topic = { tag: string; known: boolean; weakest: boolean } | null;

/**
 * What may not be chosen just now: problems by id, and those that ask for the same function by their group, as long as
 * groups count (null: no longer). `changes` counts them.
 */
export type Blocked = { ids: Set<string>; groups: Set<string> | null; changes: number };

/** Problems of one module that may still be chosen. */
export type Candidates = {
  /** Steps from a difficulty to the nearest one that has a problem; null when none is left. */
  reach(difficulty: Difficulty): number | null;
  /**
   * The problem to choose at this difficulty or the nearest; its topics count as planned from then on.
   * @throws RangeError when none is left.
   */
  take(difficulty: Difficulty): { problem: ProblemSummary; topic: Topic };
};

type Choice = { problem: ProblemSummary; tag: string | null; urgency: number };

function before(a: Choice, b: Choice): boolean {
  return a.urgency < b.urgency || (a.urgency === b.urgency && a.problem.problem_id < b.problem.problem_id);
}

/** The nearest difficulty with a problem, the easier of two that are as far away. */
function nearest(left: ReadonlyMap<Difficulty, unknown>, wanted: Difficulty): Difficulty | null {
  const order = [
    wanted,
    wanted - 1,
    wanted + 1,
    wanted - 2,
    wanted + 2,
    wanted - 3,
    wanted + 3,
    wanted - 4,
    wanted + 4,
  ];
  return order.find((difficulty): difficulty is Difficulty => left.has(difficulty as Difficulty)) ?? null;
}

/** Blocks a problem and those that ask for the same function. */
export function block(blocked: Blocked, { problem_id, equivalence_group }: ProblemSummary): void {
  blocked.ids.add(problem_id);
  if (equivalence_group) blocked.groups?.add(equivalence_group);
  blocked.changes += 1;
}

/**
 * @param problems all of one module.
 * @param blocked shared by all modules; `take` adds to it, and what the caller takes out may be chosen.
 * @param planned tasks whose topics are provided for.
 */
export function candidatesOf(
  module: Module,
  problems: readonly ProblemSummary[],
  blocked: Blocked,
  mastery: ReadonlyMap<string, MasteryState>,
  planned: readonly { topic_tags: readonly string[]; open: boolean }[],
): Candidates {
  const fallback = mastery.get(module)?.rating ?? INITIAL_RATING;
  const bonus = new Map<string, number>();
  const plan = (tags: readonly string[]) => {
    for (const tag of tags) bonus.set(tag, (bonus.get(tag) ?? 0) + PLANNED_BONUS);
  };
  for (const task of planned) if (task.open) plan(task.topic_tags);
  const ratingOf = (tag: string) => mastery.get(tag)?.rating ?? fallback;
  const urgencyOf = (tag: string) => ratingOf(tag) + (bonus.get(tag) ?? 0);

  let known: { changes: number; left: Map<Difficulty, ProblemSummary[]> } | null = null;

  function allowed(): Map<Difficulty, ProblemSummary[]> {
    if (known?.changes === blocked.changes) return known.left;
    const left = problems.filter(
      ({ problem_id, equivalence_group: group }) =>
        !blocked.ids.has(problem_id) && !(group && blocked.groups?.has(group)),
    );
    known = { changes: blocked.changes, left: Map.groupBy(left, ({ difficulty }) => difficulty) };
    return known.left;
  }

  /** Its most urgent topic; the module's own tag says nothing within the module. */
  function topicOf(problem: ProblemSummary): string | null {
    let best: string | null = null;
    for (const tag of problem.topic_tags) {
      if (tag !== module && (best === null || urgencyOf(tag) < urgencyOf(best))) best = tag;
    }
    return best;
  }

  /** Chance of success (0 to 1) by the mean of what is known of the problem's topics. */
  function chanceOf({ topic_tags, difficulty }: ProblemSummary): number {
    const ratings = topic_tags.map(ratingOf);
    if (ratings.length === 0) return expectedSuccess(fallback, difficulty);
    return expectedSuccess(ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length, difficulty);
  }

  /** Those that are no gamble; where all of them are, the likeliest. */
  function suited(list: readonly ProblemSummary[]): readonly ProblemSummary[] {
    const chances = list.map(chanceOf);
    const least = Math.min(GAMBLE, Math.max(...chances));
    return list.filter((_, index) => (chances[index] ?? 0) >= least);
  }

  function withTopic(problem: ProblemSummary): Choice {
    const tag = topicOf(problem);
    return { problem, tag, urgency: tag === null ? fallback : urgencyOf(tag) };
  }

  function isWeakest(tag: string): boolean {
    const rating = ratingOf(tag);
    return problems.every(({ topic_tags }) =>
      topic_tags.every((other) => other === module || !mastery.has(other) || ratingOf(other) >= rating),
    );
  }

  return {
    reach(difficulty) {
      const found = nearest(allowed(), difficulty);
      return found === null ? null : Math.abs(found - difficulty);
    },

    take(difficulty) {
      const left = allowed();
      const found = nearest(left, difficulty);
      const list = found === null ? [] : (left.get(found) ?? []);
      const best = suited(list)
        .map(withTopic)
        .reduce<Choice | null>(
          (least, choice) => (least === null || before(choice, least) ? choice : least),
          null,
        );
      if (best === null) throw new RangeError('no problem is left');
      const { problem, tag } = best;
      plan(problem.topic_tags);
      block(blocked, problem);
      if (tag === null) return { problem, topic: null };
      const known = mastery.has(tag);
      return { problem, topic: { tag, known, weakest: known && isWeakest(tag) } };
    },
  };
}
