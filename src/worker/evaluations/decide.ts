import type { ProblemSummary } from '#contract/problem-bank.ts';
import { isResult } from '#contract/vocabulary.ts';
import { calendarOfRule, STANDARD_CALENDAR, storedDay } from '#domain/calendar.ts';
import {
  CompletionRules,
  decideSettlement,
  type Judged,
  scoreOf,
  timeSpent,
} from '#domain/evaluations/settle.ts';
import { decideLearning, NO_CHANGE } from '#domain/learning/decide.ts';
import { isMet } from '#domain/learning/facts.ts';
import { afterCompletion, planTasks } from '#domain/learning/plan.ts';
import type { Context } from '../context.ts';
import type { StoredEvaluation } from './store.ts';
import type { SettlementWrite } from './store-settlement.ts';

/**
 * Everything that a judging changes, decided on one state: the task, what the learner is now known to know, and the tasks
 * that come next. Without a catalogue no task is chosen: the cron does that later.
 */
export function decideResult(
  { now, newId }: Pick<Context, 'now' | 'newId'>,
  seen: StoredEvaluation,
  judged: Judged,
  catalogue: readonly ProblemSummary[] | null,
): Pick<SettlementWrite, 'settlement' | 'learning' | 'tasks' | 'plan_version'> {
  const { evaluation, task, config, learning: facts } = seen;
  const rules = CompletionRules.parse(config);
  const day = storedDay(evaluation.day, seen.submitted_at);
  const judging = {
    ...evaluation,
    day,
    submitted_at: seen.submitted_at,
    reported_seconds: seen.reported_seconds,
    prior_verdict: seen.prior_verdict,
    // A result that comes when the task is over teaches nothing, so that it is no first attempt, either.
    repeat: facts === null || isMet(facts.path.problems, task.problem_id),
  };
  const settlement = decideSettlement(task, rules, judging, judged, now);
  if (facts === null || !isResult(judged.verdict)) {
    return { settlement, learning: NO_CHANGE.writes, tasks: [], plan_version: 0 };
  }
  const problem = catalogue?.find(({ problem_id }) => problem_id === task.problem_id);
  const attempt = {
    judgedBefore: task.metadata.first_score === undefined ? 0 : 1,
    score: scoreOf(judged),
    secondsSpent: timeSpent(task.started_at, judging, rules),
    expectedMinutes: problem?.expected_minutes ?? null,
  };
  const moment = { at: now, day, calendar: calendarOfRule(seen.calendar ?? STANDARD_CALENDAR) };
  const { events, writes } = decideLearning(facts, config, task, attempt, moment);
  const tasks =
    catalogue === null || settlement.status !== 'completed'
      ? []
      : planTasks(afterCompletion(facts, task, settlement.score ?? 0, writes), {
          config,
          catalogue,
          now,
          newId,
        });
  return {
    settlement: { ...settlement, events: [...settlement.events, ...events] },
    learning: writes,
    tasks,
    plan_version: facts.path.version,
  };
}
