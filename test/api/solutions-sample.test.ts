import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Language } from '#contract/vocabulary.ts';
import { newLearner } from '../support/api.ts';
import type { Judged } from '../support/submissions.ts';

type Sample = {
  problem_id: string;
  language: Language;
  correct_solution: string;
  wrong_solution: string;
};

/** `SOLUTIONS_SAMPLE` names a JSONL file of right and wrong solutions to problems of `PROBLEM_BANK_FILES`. */
const file = process.env.SOLUTIONS_SAMPLE ?? '';

test.skipIf(!existsSync(file))(
  'right and wrong solutions of the sample are judged so through the Worker (set SOLUTIONS_SAMPLE)',
  { timeout: 1_800_000 },
  async () => {
    const samples = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Sample);
    const surprises: string[] = [];
    const counts = { right: 0, wrong: 0 };

    async function judge(learner: Awaited<ReturnType<typeof newLearner>>, pathId: string, sample: Sample) {
      const { problem_id, language, correct_solution, wrong_solution } = sample;
      for (const [kind, code] of [['right', correct_solution] as const, ['wrong', wrong_solution] as const]) {
        const task = await learner.newTask(pathId, problem_id);
        const { status, body } = await learner.post<Judged>(`/v1/study-tasks/${task}/submit`, {
          language,
          code,
        });
        const verdict = status === 200 ? body.evaluation.verdict : `HTTP ${status}`;
        if ((verdict === 'AC') === (kind === 'right') && status === 200) counts[kind] += 1;
        else surprises.push(`${problem_id} ${language} ${kind}: ${verdict}`);
      }
    }

    const waiting = samples.values();
    async function work(): Promise<void> {
      const learner = await newLearner('sample');
      const { path } = await learner.newPath();
      for (const sample of waiting) await judge(learner, path.id, sample);
    }
    await Promise.all([work(), work()]);

    process.stdout.write(
      `\n  ${counts.right} of ${samples.length} right solutions accepted, ` +
        `${counts.wrong} of ${samples.length} wrong ones refused\n${surprises.map((line) => `  ${line}\n`).join('')}\n`,
    );
    expect(surprises).toEqual([]);
  },
);
