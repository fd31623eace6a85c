import type { Submit } from '#contract/submissions.ts';
import type { Language } from '#contract/vocabulary.ts';
import { UpstreamError } from '../clients/http.ts';
import type { Context } from '../context.ts';
import { codeSeal } from '../crypto/output.ts';
import { onLearnersDay } from '../db/learner-day.ts';
import { submissionCharge } from '../durable/charges.ts';
import { AppError } from '../errors.ts';
import { eventParams } from '../events/params.ts';
import { holdingSlot } from './lease.ts';
import { type Answer, judgeAndSettle } from './settle.ts';
import type { StoredEvaluation } from './store.ts';
import { type NewSubmission, storeSubmission } from './store-submission.ts';

/** Seconds that the request which stored a submission has beyond the evaluator's deadline before the cron takes over. */
const REDRIVE_SLACK_SECONDS = 60;

/**
 * Takes a learner's code: stores it, has it judged and answers the result, or the pending evaluation while a service
 * is unavailable. Two round trips to the database.
 * @throws AppError `quota`, `too-many-evaluations`, `not-found`, `invalid-transition`, `unknown-problem`,
 * `unsupported-language`; then nothing is stored.
 */
export async function submit(ctx: Context, learnerId: string, taskId: string, body: Submit): Promise<Answer> {
  const submissionId = ctx.newId();
  return holdingSlot(
    ctx,
    { learnerId, leaseId: submissionId, charge: submissionCharge(ctx.config, submissionId, taskId) },
    () => accept(ctx, learnerId, taskId, submissionId, body),
    async (stored, slot) => (await judgeAndSettle(ctx, stored, body.code, slot)).answer,
  );
}

async function accept(
  ctx: Context,
  learnerId: string,
  taskId: string,
  submissionId: string,
  { language, code, time_spent_seconds }: Submit,
): Promise<StoredEvaluation> {
  const [sealed_code, problems] = await Promise.all([
    ctx.cipher.seal(code, codeSeal(learnerId, taskId, submissionId)),
    problemsFor(ctx, language),
  ]);
  const submission = {
    ...eventParams(ctx),
    task_id: taskId,
    submission_id: submissionId,
    evaluation_id: ctx.newId(),
    language,
    sealed_code,
    code_bytes: new TextEncoder().encode(code).byteLength,
    reported_seconds: time_spent_seconds ?? null,
    ...problems,
    next_redrive_at: firstRedrive(ctx),
  };
  const stored = await onLearnersDay(learnerId, ctx.now, (day) =>
    storeSubmission(ctx.db, learnerId, { ...submission, ...day }),
  );
  if (stored === undefined) throw new AppError('not-found');
  switch (stored.outcome) {
    case 'stored':
    case 'repeated':
      return stored;
    case 'refused':
      throw new AppError('invalid-transition', {
        detail: `A ${stored.kind} that is ${stored.status} takes no submission.`,
      });
    case 'unknown':
      throw new AppError('unknown-problem', { detail: 'The problem has left the problem bank.' });
    case 'unsupported':
      throw new AppError('unsupported-language', { detail: `The problem has no ${language} version.` });
  }
}

/** When the cron may judge an evaluation that is stored now. */
export function firstRedrive({ now, config }: Pick<Context, 'now' | 'config'>): string {
  const seconds = config.EVAL_SERVICE_TIMEOUT + REDRIVE_SLACK_SECONDS;
  return new Date(Date.parse(now) + seconds * 1000).toISOString();
}

/**
 * The problems of the catalogue, and those that do not take the language: which problem a task is about is only known
 * inside the statement that stores the submission. A bank that is unavailable rules nothing out.
 */
async function problemsFor(
  ctx: Context,
  language: Language,
): Promise<Pick<NewSubmission, 'known' | 'unsupported'>> {
  try {
    const catalogue = await ctx.problemBank.list({}, ctx.requestId);
    const idsOf = (problems: typeof catalogue) => problems.map(({ problem_id }) => problem_id);
    return {
      // A bank without any problem is broken: it says nothing of those that left it.
      known: catalogue.length === 0 ? null : idsOf(catalogue),
      unsupported: idsOf(catalogue.filter(({ languages }) => !languages.includes(language))),
    };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    ctx.log.warn('problem-not-checked', { kind: error.kind });
    return { known: null, unsupported: [] };
  }
}
