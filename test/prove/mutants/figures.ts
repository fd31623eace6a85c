import type { CodeChange } from '../kit/changed-code.ts';
import type { Mutation } from '../kit/product.ts';
import { inStatement } from './mutant.ts';

/** A planted bug in the product's code, in one of its statements, or in a function of its database. */
export type FigureBug = {
  name: string;
  changes?: readonly CodeChange[];
  mutation?: Mutation;
  /** Statements that put the bug into a lane's database and take it out again. */
  database?: { plant: string; heal: string };
};

function isReplanned(body: string): string {
  return `create or replace function is_replanned(status text, metadata jsonb) returns boolean
    language sql immutable parallel safe as $$ select ${body} $$`;
}

function inFile(file: string, from: RegExp, to: string): Pick<FigureBug, 'changes'> {
  return { changes: [{ file: `src/${file}`, from, to }] };
}

/** Bugs of figures: each is one way in which a number of the past was wrong, or could be. */
export const FIGURE_BUGS: readonly FigureBug[] = [
  {
    name: 'the day of an event is that of UTC',
    ...inFile(
      'worker/db/learner-day.ts',
      /keyOf\(calendarOfRule\(rule\)\.dayOf\(Date\.parse\(now\)\)\)/,
      'now.slice(0, 10)',
    ),
  },
  {
    name: 'streaks are those of one path',
    mutation: {
      sql: inStatement(
        'find-progress',
        /where cp\.user_id = p\.user_id group by d\.day/,
        'where cp.id = p.id group by d.day',
      ),
    },
  },
  {
    name: 'a program that does not compile has a result',
    ...inFile('contract/vocabulary.ts', /verdict !== 'CE' && verdict !== 'IE'/, "verdict !== 'IE'"),
  },
  {
    name: 'sums count tasks that a change of config replaced',
    database: {
      plant: isReplanned('false'),
      heal: isReplanned(`status = 'skipped' and metadata ? 'replanned'`),
    },
  },
  {
    name: 'lists show tasks that a change of config replaced',
    ...inFile('worker/history/store.ts', /replanned: wish\.include === 'replanned'/, 'replanned: true'),
  },
  {
    name: 'the forecast of a path goes by the clock in UTC',
    ...inFile(
      'domain/progress/figures.ts',
      /day \?\? keyOf\(calendar\.dayOf\(Date\.parse\(at\)\)\)/,
      'at.slice(0, 10)',
    ),
  },
  {
    name: 'a review falls due at the hour of the last one',
    ...inFile(
      'worker/reviews/due.ts',
      /dueDayOf\(state\) <= until\)/,
      'Date.parse(state.last_review) + (state.scheduled_days - within) * 86_400_000 <= Date.parse(ctx.now))',
    ),
  },
  {
    name: 'a retry is another first attempt',
    ...inFile(
      'worker/evaluations/decide.ts',
      /repeat: facts === null \|\| isMet\(facts\.path\.problems, task\.problem_id\)/,
      'repeat: facts === null',
    ),
  },
  {
    name: 'mastery counts a problem again',
    ...inFile('domain/learning/decide.ts', /!isMet\(facts\.path\.problems, task\.problem_id\)/, 'true'),
  },
  {
    name: 'a problem solved again on the same day was reviewed',
    ...inFile('domain/learning/decide.ts', /moment\.day > lastDayOf\(facts\.card\.state\)/, 'true'),
  },
  {
    name: 'FSRS counts days from the date in UTC',
    ...inFile(
      'domain/reviews/fsrs.ts',
      /Math\.max\(0, daysBetween\(lastDayOf\(state\), day\)\)/,
      'Math.max(0, daysBetween(state.last_review.slice(0, 10), day))',
    ),
  },
  {
    name: 'retention counts reviews that were undone',
    mutation: { sql: inStatement('find-progress', /and x\.undone_at is null/, '') },
  },
  {
    name: 'a day that was skipped over the date line is missed',
    ...inFile('domain/progress/practice.ts', /LEAST_OF_A_DAY = 12 \* HOUR/, 'LEAST_OF_A_DAY = 0'),
  },
  {
    name: 'the calendar stays that of the first path',
    ...inFile('domain/progress/practice.ts', /!isNewer\(fact, newest\)/, 'fact.path_id !== newest.path_id'),
  },
  {
    name: 'the mean score of nothing is one',
    mutation: {
      sql: inStatement(
        'find-current-path',
        /case when sum\(judged\) > 0\s+then least\(1, sum\(score_sum\) \/ sum\(judged\)\)::double precision end/,
        'least(1, sum(score_sum) / nullif(sum(judged), 0))::double precision',
      ),
    },
  },
  {
    name: 'the forecast promises again today what was skipped today',
    ...inFile(
      'domain/reviews/plan.ts',
      /Math\.max\(dayOfKey\(lastDayOf\(state\)\), handledDay\(handled, calendar\)\)/,
      'dayOfKey(lastDayOf(state))',
    ),
  },
];
