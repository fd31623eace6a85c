import type { MasteryState } from '#contract/learning.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { Difficulty, Module } from '#contract/vocabulary.ts';
import { INITIAL_RATING } from './mastery-rules.ts';

/** Elo points by which a topic becomes less urgent with every task that is planned for it. */
const PLANNED_BONUS = 60;

/** The topic that a problem was chosen for; null when it has none but its module. */
export type Topic = { tag: string; known: boolean; weakest: boolean } | null;

/** Problems of one module that may still be given. */
export type Candidates = {
  /** Steps from a difficulty to the nearest one that has a problem; null when none is left. */
  reach(difficulty: Difficulty): number | null;
  /**
   * The problem to give next at this difficulty or the nearest; its topics count as planned from then on.
   * @throws RangeError when none is left.
   */
  take(difficulty: Difficulty): { problem: ProblemSummary; topic: Topic };
};

/** Problems that ask for the same function have one key. */
function groupOf(problem: ProblemSummary): string {
  return problem.equivalence_group ?? problem.problem_id;
}

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

/**
 * @param problems all of one module.
 * @param met ids and groups that may not be given; shared by all modules, `take` adds to it.
 * @param planned tasks whose topics are provided for.
 */
export function candidatesOf(
  module: Module,
  problems: readonly ProblemSummary[],
  met: Set<string>,
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

  function unseen(): Map<Difficulty, ProblemSummary[]> {
    const left = problems.filter((problem) => !met.has(problem.problem_id) && !met.has(groupOf(problem)));
    return Map.groupBy(left, ({ difficulty }) => difficulty);
  }

  /** Its most urgent topic; the module's own tag says nothing within the module. */
  function topicOf(problem: ProblemSummary): string | null {
    let best: string | null = null;
    for (const tag of problem.topic_tags) {
      if (tag !== module && (best === null || urgencyOf(tag) < urgencyOf(best))) best = tag;
    }
    return best;
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
      const found = nearest(unseen(), difficulty);
      return found === null ? null : Math.abs(found - difficulty);
    },

    take(difficulty) {
      const left = unseen();
      const found = nearest(left, difficulty);
      const list = found === null ? [] : (left.get(found) ?? []);
      const best = list
        .map(withTopic)
        .reduce<Choice | null>(
          (least, choice) => (least === null || before(choice, least) ? choice : least),
          null,
        );
      if (best === null) throw new RangeError('no problem is left');
      const { problem, tag } = best;
      plan(problem.topic_tags);
      met.add(problem.problem_id).add(groupOf(problem));
      if (tag === null) return { problem, topic: null };
      const known = mastery.has(tag);
      return { problem, topic: { tag, known, weakest: known && isWeakest(tag) } };
    },
  };
}
