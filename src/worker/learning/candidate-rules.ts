import type { MasteryState } from '#contract/learning.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { Difficulty } from '#contract/vocabulary.ts';
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
  /** Removes what a problem rules out: itself and its group, which may reach into several modules. */
  forget(problem: ProblemSummary): void;
};

/** Problems that ask for the same function have one key. */
function keyOf(problem: ProblemSummary): string {
  return problem.equivalence_group ?? problem.problem_id;
}

/** The easier of two difficulties that are as far away. */
function nearest(difficulties: Iterable<Difficulty>, wanted: Difficulty): Difficulty | null {
  let best: Difficulty | null = null;
  for (const difficulty of difficulties) {
    const [distance, least] = [Math.abs(difficulty - wanted), best === null ? 9 : Math.abs(best - wanted)];
    if (distance < least || (distance === least && best !== null && difficulty < best)) best = difficulty;
  }
  return best;
}

/**
 * @param problems all of one module.
 * @param met ids and groups that the path has seen.
 * @param planned tasks whose topics are provided for.
 */
export function candidatesOf(
  problems: readonly ProblemSummary[],
  met: ReadonlySet<string>,
  mastery: ReadonlyMap<string, MasteryState>,
  planned: readonly { topic_tags: readonly string[]; open: boolean }[],
): Candidates {
  const unseen = problems
    .filter((problem) => !met.has(problem.problem_id) && !met.has(keyOf(problem)))
    .toSorted((a, b) => (a.problem_id < b.problem_id ? -1 : 1));
  const byDifficulty = Map.groupBy(unseen, ({ difficulty }) => difficulty);
  const module = problems[0]?.module;
  const fallback = mastery.get(module ?? '')?.rating ?? INITIAL_RATING;
  const bonus = new Map<string, number>();
  const plan = (tags: readonly string[]) => {
    for (const tag of tags) bonus.set(tag, (bonus.get(tag) ?? 0) + PLANNED_BONUS);
  };
  for (const task of planned) if (task.open) plan(task.topic_tags);

  const ratings = new Map<string, number>();
  for (const problem of unseen) {
    for (const tag of problem.topic_tags) ratings.set(tag, mastery.get(tag)?.rating ?? fallback);
  }
  const urgency = (tag: string) => (ratings.get(tag) ?? fallback) + (bonus.get(tag) ?? 0);

  /** Its most urgent topic; the module's own tag says nothing within the module. */
  function topicOf(problem: ProblemSummary): string | null {
    let best: string | null = null;
    for (const tag of problem.topic_tags) {
      if (tag !== module && (best === null || urgency(tag) < urgency(best))) best = tag;
    }
    return best;
  }

  return {
    reach(difficulty) {
      const found = nearest(byDifficulty.keys(), difficulty);
      return found === null ? null : Math.abs(found - difficulty);
    },

    take(difficulty) {
      const found = nearest(byDifficulty.keys(), difficulty);
      const list = found === null ? [] : (byDifficulty.get(found) ?? []);
      let best: { problem: ProblemSummary; tag: string | null; value: number } | null = null;
      for (const problem of list) {
        const tag = topicOf(problem);
        const value = tag === null ? fallback : urgency(tag);
        if (best === null || value < best.value) best = { problem, tag, value };
      }
      if (best === null) throw new RangeError('no problem is left');
      const { problem, tag } = best;
      const weakest =
        tag !== null &&
        mastery.has(tag) &&
        [...ratings].every(
          ([other, rating]) => !mastery.has(other) || other === module || rating >= (ratings.get(tag) ?? 0),
        );
      plan(problem.topic_tags);
      return { problem, topic: tag === null ? null : { tag, known: mastery.has(tag), weakest } };
    },

    forget(problem) {
      const key = keyOf(problem);
      for (const [difficulty, list] of byDifficulty) {
        const rest = list.filter((other) => keyOf(other) !== key);
        if (rest.length === 0) byDifficulty.delete(difficulty);
        else byDifficulty.set(difficulty, rest);
      }
    },
  };
}
