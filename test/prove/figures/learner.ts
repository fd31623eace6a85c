import { daysFrom, plusDays } from './days.ts';
import { type Erased, type Exported, type Happening, happeningsOfAll, Ratings } from './results.ts';

/** A review of a problem that counts: the task, the learner's day, and the days until the next one. */
type Review = { task: string; day: string; days: number };

/** What the results of a learner's whole history amount to. */
export type Learner = {
  ratings: Ratings;
  /** Reviews that count of each problem, oldest first; the last one decides when the next is due. */
  cards: ReadonlyMap<string, readonly Review[]>;
  /** Scores of the first results of their problems, by task. */
  firsts: ReadonlyMap<string, number>;
  /** What the log says otherwise. */
  wrong: string[];
};

/** Goes through a learner's history from the beginning. */
export function learnerOf(document: Exported, erased: readonly Erased[]): Learner {
  const ratings = new Ratings();
  const cards = new Map<string, Review[]>();
  /** Day of the review that a task made, also once it is undone. */
  const days = new Map<string, string>();
  const firsts = new Map<string, number>();
  const wrong: string[] = [];
  const cardOf = (problem: string) => {
    const card = cards.get(problem) ?? [];
    cards.set(problem, card);
    return card;
  };

  function result({ task, day, score, first, graded }: Extract<Happening, { what: 'result' }>): void {
    const card = cardOf(task.problem_id);
    const last = card.at(-1);
    const isReview = last === undefined || day > last.day;
    if (first) {
      firsts.set(task.id, score);
      ratings.firstResult(task, score);
    } else if (isReview && task.kind === 'review' && score < 1) ratings.failedReview(task);
    if (isReview !== (graded !== null))
      wrong.push(`a result on ${day} ${isReview ? 'is' : 'is no'} review of ${task.problem_id}`);
    if (graded === null) return;
    const elapsed = last === undefined ? null : Math.max(0, daysFrom(last.day, day));
    if (graded.elapsed_days !== elapsed)
      wrong.push(`a review on ${day} says ${graded.elapsed_days} elapsed days instead of ${elapsed}`);
    if (graded.day !== day) wrong.push(`a review on ${day} is stored on ${graded.day}`);
    if ((graded.grade === 'again') !== score < 1)
      wrong.push(`score ${score} was graded ${graded.grade} by the evidence`);
    card.push({ task: task.id, day, days: graded.scheduled_days });
    days.set(task.id, day);
  }

  for (const happening of happeningsOfAll(document, erased)) {
    switch (happening.what) {
      case 'result':
        result(happening);
        break;
      case 'graded': {
        const { task, graded } = happening;
        const card = cardOf(task.problem_id);
        if (card.at(-1)?.task === task.id) card.pop();
        const day = days.get(task.id) ?? '';
        if (graded.day !== day) wrong.push(`a grade moved the review of ${day} to ${graded.day}`);
        card.push({ task: task.id, day, days: graded.scheduled_days });
        break;
      }
      case 'undone': {
        const card = cardOf(happening.task.problem_id);
        if (card.at(-1)?.task !== happening.task.id) wrong.push('a review was undone that was not the last');
        card.pop();
        break;
      }
      case 'erased': {
        const { path, document: before } = happening.erased;
        for (const { problem_id, path_id } of before.review_queue)
          if (path_id === path) cards.delete(problem_id);
        break;
      }
      default:
        happening satisfies never;
    }
  }
  return { ratings, cards, firsts, wrong };
}

/** What the stored mastery and cards say otherwise than the history. */
export function storedOtherwise({ ratings, cards, wrong }: Learner, document: Exported): string[] {
  const said = [...wrong];
  const stored = new Map(document.mastery.map((row) => [row.topic, row]));
  for (const topic of new Set([...stored.keys(), ...ratings.all.keys()])) {
    const [is, should] = [stored.get(topic), ratings.all.get(topic)];
    if (is?.n !== should?.n || is?.reason !== should?.reason)
      said.push(`mastery of ${topic}: ${is?.n} ${is?.reason} instead of ${should?.n} ${should?.reason}`);
    else if (Math.abs((is?.rating ?? 0) - (should?.rating ?? 0)) > 1e-6)
      said.push(`mastery of ${topic}: ${is?.rating} instead of ${should?.rating}`);
  }
  const queue = new Map(document.review_queue.map(({ problem_id, state }) => [problem_id, state]));
  for (const problem of new Set([...queue.keys(), ...cards.keys()])) {
    const [state, last] = [queue.get(problem), cards.get(problem)?.at(-1)];
    const is = state === undefined ? 'none' : `${state.day} + ${state.scheduled_days}`;
    const should = last === undefined ? 'none' : `${last.day} + ${last.days}`;
    if (is !== should) said.push(`card of ${problem}: ${is} instead of ${should}`);
  }
  for (const { log, problem_id } of document.review_log) {
    const { before, after, elapsed_days } = log;
    const elapsed = before === null ? null : Math.max(0, daysFrom(before.day ?? '', after.day ?? ''));
    if (elapsed !== elapsed_days)
      said.push(`review log of ${problem_id}: ${elapsed_days} elapsed days instead of ${elapsed}`);
  }
  return said;
}

/** The day on which a card falls due. */
export function dueDay({ state }: Exported['review_queue'][number]): string {
  return plusDays(state.day ?? '', state.scheduled_days);
}
