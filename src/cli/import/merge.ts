import type { MasteryState } from '#contract/learning.ts';
import type { Difficulty } from '#contract/vocabulary.ts';
import type { Calendar } from '#domain/calendar.ts';
import { applyFirstAttempt } from '#domain/learning/mastery.ts';
import { replay } from '#domain/reviews/fsrs.ts';
import type { Learning } from './restored.ts';

type MasteryRow = Learning['mastery'][number];
type CardRow = Learning['review_queue'][number];
type ReviewRow = Learning['review_log'][number];
type Written = { version: number; updated_at: string };

/** The learner's first result of a problem. */
export type FirstResult = {
  problem_id: string;
  /** The module and the tags of the task. */
  topics: string[];
  difficulty: Difficulty;
  /** 0 to 1. */
  score: number;
  /** RFC 3339. */
  at: string;
};

/** What one side knows, and the results by which it came to know it. */
export type Side = { learning: Learning; results: readonly FirstResult[] };

const isLater = (one: string, other: string) => Date.parse(one) > Date.parse(other);

/** Of two rows of one lineage the one that was written more often. */
function newer<Row extends Written>(mine: Row, theirs: Row): Row {
  if (mine.version !== theirs.version) return mine.version > theirs.version ? mine : theirs;
  return isLater(theirs.updated_at, mine.updated_at) ? theirs : mine;
}

/**
 * Mastery of a topic that both sides know. The row with more first results stays. The other side's first results of
 * problems that this side has not met are added in order of time, by the current rule. Where the other side has lost the
 * tasks of some results, its rating counts for those: the ratings are averaged, weighted by the number of results.
 */
function mergedTopic(
  mine: MasteryRow,
  theirs: MasteryRow,
  sides: { mine: Side; theirs: Side },
  now: string,
): MasteryRow {
  const mineStays = mine.n === theirs.n ? newer(mine, theirs) === mine : mine.n > theirs.n;
  const [base, other] = mineStays ? [mine, theirs] : [theirs, mine];
  const [stays, adds] = mineStays ? [sides.mine, sides.theirs] : [sides.theirs, sides.mine];
  const met = new Set(stays.results.map(({ problem_id }) => problem_id));
  const known = adds.results.filter(({ topics }) => topics.includes(base.topic));
  const added = known
    .filter(({ problem_id }) => !met.has(problem_id))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  // Results of an erased path: their problems are not known any more.
  const lost = Math.max(0, other.n - known.length);
  const isCopy = added.length === 0 && base.rating === other.rating && base.n === other.n;
  if (isCopy || (added.length === 0 && lost === 0)) return base;
  let state: MasteryState = {
    n: base.n + lost,
    rating: (base.rating * base.n + other.rating * lost) / Math.max(1, base.n + lost),
    reason: base.reason,
    version: base.rule_version,
  };
  for (const { difficulty, score } of added) {
    const before = new Map([[base.topic, state]]);
    state = applyFirstAttempt([base.topic], before, difficulty, score).get(base.topic) ?? state;
  }
  const { version: rule_version, ...figures } = state;
  const version = Math.max(mine.version, theirs.version) + 1;
  return { topic: base.topic, ...figures, rule_version, version, updated_at: now };
}

/** Reviews that count, in the order in which they were made. */
function counted(reviews: readonly ReviewRow[]): ReviewRow[] {
  return reviews
    .filter(({ undone_at }) => undone_at === null)
    .toSorted((a, b) => Date.parse(a.log.reviewed_at) - Date.parse(b.log.reviewed_at));
}

/** The card of a problem that both sides have reviewed: FSRS over the reviews of both, in order of time. */
function mergedCard(
  mine: CardRow,
  theirs: CardRow,
  reviews: readonly ReviewRow[],
  { calendar, now }: { calendar: Calendar; now: string },
): CardRow {
  const home = isLater(theirs.state.last_review, mine.state.last_review) ? theirs : mine;
  const state = replay(
    counted(reviews).map(({ log }) => log),
    calendar,
  );
  const version = Math.max(mine.version, theirs.version) + 1;
  const task_id = mine.task_id ?? theirs.task_id;
  return { ...home, state: state ?? home.state, task_id, version, updated_at: now };
}

function byKey<Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, Row> {
  return new Map(rows.map((row) => [key(row), row]));
}

/** Both sides' rows; `both` decides where a key is on both. */
function united<Row>(
  mine: readonly Row[],
  theirs: readonly Row[],
  key: (row: Row) => string,
  both: (mine: Row, theirs: Row) => Row,
): Row[] {
  const rows = byKey(mine, key);
  for (const row of theirs) {
    const own = rows.get(key(row));
    rows.set(key(row), own === undefined ? row : both(own, row));
  }
  return [...rows.values()];
}

/**
 * What a learner knows who brings a history to the one that is here: nothing of either side is dropped. A topic, a level
 * or a card that one side alone has stays as it is. Of a level of one path on both sides the newer row stays.
 * @param theirs with the reviews of new tasks only, numbered after those that are here.
 */
export function mergeLearning(mine: Side, theirs: Side, when: { calendar: Calendar; now: string }): Learning {
  const sides = { mine, theirs };
  const review_log = [...mine.learning.review_log, ...theirs.learning.review_log];
  const reviewsOf = Map.groupBy(review_log, ({ problem_id }) => problem_id);
  const reviewedAfresh = new Set(theirs.learning.review_log.map(({ problem_id }) => problem_id));
  return {
    mastery: united(
      mine.learning.mastery,
      theirs.learning.mastery,
      ({ topic }) => topic,
      (own, row) => mergedTopic(own, row, sides, when.now),
    ),
    module_states: united(
      mine.learning.module_states,
      theirs.learning.module_states,
      ({ path_id, module }) => `${path_id} ${module}`,
      newer,
    ),
    review_queue: united(
      mine.learning.review_queue,
      theirs.learning.review_queue,
      ({ problem_id }) => problem_id,
      (own, card) =>
        reviewedAfresh.has(own.problem_id)
          ? mergedCard(own, card, reviewsOf.get(own.problem_id) ?? [], when)
          : own,
    ),
    review_log,
  };
}
