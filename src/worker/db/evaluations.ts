import { type SQL, sql } from 'drizzle-orm';
import type { Evaluation } from '#contract/submissions.ts';
import { iso } from './fragments.ts';

/**
 * An evaluation as the API shows it but for its output, which is null here, with the ciphertexts of that and of its code;
 * `outputSeal` and `codeSeal` name their places.
 */
export type SealedEvaluation = Evaluation & { sealed_code: string; sealed_output: string | null };

/** Judgings that a task shows, the newest ones; each can hold 64 KiB of code. */
const SHOWN = 50;

/** Wire shape `Evaluation` of the row with that alias, without its output. */
export function evaluationJson(alias: string): SQL {
  const e = (column: string) => sql.raw(`${alias}.${column}`);
  return sql`jsonb_build_object('id', ${e('id')}, 'submission_id', ${e('submission_id')},
    'attempt', ${e('attempt')}, 'run', ${e('run')}, 'language', ${e('language')}, 'status', ${e('status')},
    'verdict', ${e('verdict')}, 'test_cases_passed', ${e('test_cases_passed')},
    'test_cases_total', ${e('test_cases_total')}, 'score', ${e('score')}, 'runtime_ms', ${e('runtime_ms')},
    'memory_mb', ${e('memory_mb')}, 'error_message', null, 'tests', null, 'hidden', ${e('hidden')},
    'content_hash', ${e('content_hash')},
    'created_at', ${iso(`${alias}.created_at`)}, 'day', ${e('day')}, 'evaluated_at', ${iso(`${alias}.evaluated_at`)})`;
}

/** JSON array of `SealedEvaluation` of the task with that alias, newest attempt first. */
export function evaluationsOf(task: string): SQL {
  return sql`(select coalesce(jsonb_agg(${evaluationJson('v')} || jsonb_build_object('sealed_code', v.code,
        'sealed_output', v.output)
      order by v.attempt desc, v.run desc), '[]')
    from (select * from task_evaluations x where x.task_id = ${sql.raw(`${task}.id`)}
          order by x.attempt desc, x.run desc limit ${sql.raw(String(SHOWN))}) v)`;
}
