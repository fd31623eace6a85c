import { type SQL, sql } from 'drizzle-orm';
import { Evaluation } from '#contract/submissions.ts';
import { rowJson } from './rows.ts';
import { taskEvaluations } from './schema/index.ts';

/**
 * An evaluation as the API shows it but for its output, which is null here, with the ciphertexts of that and of its code;
 * `outputSeal` and `codeSeal` name their places.
 */
export type SealedEvaluation = Evaluation & { sealed_code: string; sealed_output: string | null };

/** Judgings that a task shows, the newest ones; each can hold 64 KiB of code. */
const SHOWN = 50;

const OUTPUT = ['error_message', 'tests'];
const SHOWN_COLUMNS = Object.keys(Evaluation.shape).filter((key) => !OUTPUT.includes(key));

/** Wire shape `Evaluation` of the row with that alias, without its output. */
export function evaluationJson(alias: string): SQL {
  return sql`${rowJson(taskEvaluations, alias, SHOWN_COLUMNS)} || '{"error_message": null, "tests": null}'`;
}

/** JSON array of `SealedEvaluation` of the task with that alias, newest attempt first. */
export function evaluationsOf(task: string): SQL {
  return sql`(select coalesce(jsonb_agg(${evaluationJson('v')} || jsonb_build_object('sealed_code', v.code,
        'sealed_output', v.output)
      order by v.attempt desc, v.run desc), '[]')
    from (select * from task_evaluations x where x.task_id = ${sql.raw(`${task}.id`)}
          order by x.attempt desc, x.run desc limit ${sql.raw(String(SHOWN))}) v)`;
}
