import { sql } from 'drizzle-orm';
import type { Judged } from '#contract/submissions.ts';
import type { Context } from '../context.ts';
import type { SealContext } from '../crypto/cipher.ts';
import { openOutput, outputSeal } from '../crypto/output.ts';
import { param, statement } from '../db/statement.ts';
import type { AnswerStore } from '../http/idempotency.ts';

type Found = { task_id: string; sealed_output: string | null };

const findOutput = statement<{ learner_id: string; evaluation_id: string }, Found>(
  'find-evaluation-output',
  'read',
  sql`select e.task_id, e.output as sealed_output
    from task_evaluations e join study_tasks t on t.id = e.task_id join study_paths p on p.id = t.path_id
    where e.id = ${param('evaluation_id', 'uuid')} and p.user_id = ${param('learner_id', 'text')}`,
);

/** Where the answer to a run belongs, of which nothing else is stored: to its key. Keys are above tasks. */
function answerSeal(learnerId: string, key: string): SealContext {
  return { table: 'idempotency_keys', learnerId, taskId: '', rowId: key };
}

/** The body of an answer to a submission without its output; the keys and their order stay. */
function withoutOutput(body: string): string {
  const { evaluation, task } = JSON.parse(body) as Judged;
  return JSON.stringify({ evaluation: { ...evaluation, error_message: null, tests: null }, task });
}

/** The same body with the output that is stored with the evaluation; what was pending had none. */
async function withOutput(ctx: Context, learnerId: string, body: string): Promise<string> {
  const { evaluation, task } = JSON.parse(body) as Judged;
  if (evaluation.status !== 'evaluated') return body;
  const [found] = await ctx.db.query(findOutput, { learner_id: learnerId, evaluation_id: evaluation.id });
  if (found === undefined) return body;
  const place = outputSeal(learnerId, found.task_id, evaluation.id);
  const output = await openOutput(ctx.cipher, place, found.sealed_output);
  return JSON.stringify({ evaluation: { ...evaluation, ...output }, task });
}

/**
 * How answers that hold a program's output are stored under their idempotency keys: never in plain text, and not a
 * second time where the evaluation has it.
 */
export const storedAnswers: AnswerStore = {
  async toStore(ctx, { learner_id, key }, output, body) {
    return output === 'evaluation' ? withoutOutput(body) : ctx.cipher.seal(body, answerSeal(learner_id, key));
  },
  async toAnswer(ctx, { learner_id, key }, output, body) {
    return output === 'evaluation'
      ? withOutput(ctx, learner_id, body)
      : ctx.cipher.open(body, answerSeal(learner_id, key));
  },
};
