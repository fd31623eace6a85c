import type * as z from 'zod';
import { Evaluation } from '#contract/submissions.ts';
import type { CodeCipher, SealContext } from './cipher.ts';

/** What a program printed and answered, and how it failed: the learner's own text, which is stored sealed. */
const Output = Evaluation.pick({ error_message: true, tests: true });
export type Output = z.infer<typeof Output>;

const NO_OUTPUT: Output = { error_message: null, tests: null };

/** Where the output of a judging belongs. Its code is sealed for `task_evaluations`: neither opens as the other. */
export function outputSeal(learnerId: string, taskId: string, evaluationId: string): SealContext {
  return { table: 'task_evaluations.output', learnerId, taskId, rowId: evaluationId };
}

export function sealOutput(
  cipher: CodeCipher,
  place: SealContext,
  { error_message, tests }: Output,
): Promise<string> {
  return cipher.seal(JSON.stringify({ error_message, tests }), place);
}

/** The output that was sealed as this text; none for null. */
export function readOutput(plain: string | null): Output {
  return plain === null ? NO_OUTPUT : Output.parse(JSON.parse(plain));
}

/** @throws AppError `integrity-error` */
export async function openOutput(
  cipher: CodeCipher,
  place: SealContext,
  sealed: string | null,
): Promise<Output> {
  return readOutput(sealed === null ? null : await cipher.open(sealed, place));
}

/** Where a submission's code belongs: every run of the submission shares it. */
export function codeSeal(learnerId: string, taskId: string, submissionId: string) {
  return { table: 'task_evaluations', learnerId, taskId, rowId: submissionId };
}
