import type { ExportedTask, StoredJudging, TaskExport } from '#contract/export.ts';
import { PROJECTIONS } from '../log/tables.ts';
import { contradictions } from './compare.ts';
import { checkTaskPlaces, refuseAny } from './document.ts';
import { factsOf } from './facts.ts';
import { derivedId } from './ids.ts';
import { pathEventsOf } from './path-events.ts';
import { type FactualTask, rebuild } from './rebuild.ts';
import { learningRows, type Restored, type RestoredTask } from './restored.ts';

/** The number of events and of what is pending follows from what the file holds, which is less than there was. */
const COUNTED = ['version', 'pending_evaluations'];
const COLUMNS = PROJECTIONS.study_tasks.columns.filter((column) => !COUNTED.includes(column));
/** Two quotients of whole numbers that were written and read again. */
const ROUNDING = 1e-9;

function submissionProblems(
  submissions: NonNullable<ExportedTask['submissions']>,
  { attempts }: ExportedTask,
  place: string,
): string[] {
  if (submissions.length !== attempts)
    return [`${place}: the task has ${attempts}; export with attempts=true&include=code`];
  return submissions.flatMap((submission, index) => {
    const at = `${place}.${index}`;
    const { code, attempt, status, verdict, score, test_cases_passed, test_cases_total } = submission;
    const problems: string[] = [];
    if (code === undefined || code === null)
      problems.push(`${at}.code: is missing; export with attempts=true&include=code`);
    if (attempt !== index + 1) problems.push(`${at}.attempt: is ${attempt}, not ${index + 1}`);
    if (status !== 'evaluated') return problems;
    const share = (test_cases_passed ?? 0) / (test_cases_total ?? 1);
    if (verdict === null || score === null || Math.abs(score - share) > ROUNDING)
      problems.push(`${at}.score: is ${score}, its tests say ${share}`);
    return problems;
  });
}

/**
 * A later run took the place of the first one, which the file does not hold: here it is the first. Files of old date it by
 * the later run; it was sent before the attempts behind it.
 */
function judgingsOf({ id, submissions = [] }: ExportedTask): StoredJudging[] {
  let latest = Number.POSITIVE_INFINITY;
  const sent = submissions.toReversed().map(({ created_at }) => {
    latest = Math.min(latest, Date.parse(created_at));
    return new Date(latest).toISOString();
  });
  return submissions.map((submission, index) => ({
    ...submission,
    created_at: sent[submissions.length - 1 - index] ?? submission.created_at,
    run: 1,
    task_id: id,
    code: submission.code ?? null,
    error_message: null,
    tests: null,
  }));
}

const wasJudgedAgain = ({ submissions = [] }: ExportedTask) => submissions.some(({ run }) => run > 1);

/** What was rebuilt and what no task export can bring back, in words. */
function notesOf(restored: Pick<Restored, 'learning' | 'tasks'>, document: TaskExport): string[] {
  const { mastery, module_states, review_queue, review_log } = restored.learning;
  const rebuilt = `${review_log.length} reviews, ${review_queue.length} review cards, mastery of ${mastery.length} topics and ${module_states.length} module levels`;
  const without = restored.tasks.filter(
    ({ task, events }) =>
      task.kind === 'review' &&
      events.some(({ event_type, payload }) => event_type === 'created' && !('card_version' in payload)),
  ).length;
  const rejudged = document.tasks.filter(wasJudgedAgain).length;
  return [
    `a task export holds no log: rebuilt from the first results, in order of time, were ${rebuilt}`,
    'not in such a file, and so not rebuilt: your own grades and reviews that were undone, whether a solution was within the expected time (no grade is easy), what hints said, when tasks were skipped',
    ...(without > 0
      ? [`${without} reviews have no earlier result in the file, so that none is due again`]
      : []),
    ...(rejudged > 0
      ? [`of ${rejudged} tasks a later judging stands for the first one, which is not in the file`]
      : []),
  ];
}

/**
 * What a task export holds: tasks with the events that they must have had, and what the live rules make of their
 * results.
 * @throws ImportError naming each place that contradicts the others.
 */
export function fromTaskExport(document: TaskExport): Restored {
  checkTaskPlaces(document);
  const problems: string[] = [];
  const factual = document.tasks.map((exported, at): FactualTask => {
    const { submissions = [], ...task } = exported;
    problems.push(...submissionProblems(submissions, exported, `tasks.${at}.submissions`));
    const evaluations = judgingsOf(exported);
    return { task, evaluations, facts: factsOf(exported, evaluations, wasJudgedAgain(exported)) };
  });
  refuseAny(problems);
  const { states, logs, learnt } = rebuild(document.paths, factual);
  const tasks = factual.flatMap(({ task, evaluations }, at): RestoredTask[] => {
    const made = states[at];
    if (made === undefined) return [];
    const rejudged = wasJudgedAgain(document.tasks[at] ?? task);
    const columns = rejudged ? COLUMNS.filter((column) => column !== 'metadata') : COLUMNS;
    problems.push(...contradictions(`tasks.${at}`, task, made.task, columns, 'its submissions say'));
    const rows = evaluations.map((evaluation) => ({ ...evaluation, ...made.judgings.get(evaluation.id) }));
    return [{ task: made.task, evaluations: rows, events: logs[at] ?? [] }];
  });
  refuseAny(problems);
  const paths = document.paths.map((path) => ({ path, events: pathEventsOf(path) }));
  const parts = { paths, tasks, learnerEvents: [] };
  const learning = learningRows(learnt, parts, ({ problem_id, task_id, seq }) =>
    derivedId(task_id, 'review', problem_id, String(seq)),
  );
  const notes = notesOf({ tasks, learning }, document);
  return { ...parts, learning, replayed: true, notes };
}
