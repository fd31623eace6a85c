import type { verifySnapshot } from '#cli/log/verify.ts';
import type { Database } from '#worker/db/client.ts';
import { type CodeChange, changedModule } from '../kit/changed-code.ts';
import type { Mutation } from '../kit/product.ts';
import { rewritten } from '../kit/rewritten.ts';
import { inStatement } from './mutant.ts';

const CHAIN = 'src/cli/log/chain.ts';
const VERIFY = 'src/cli/log/verify.ts';

/** Bugs of the verification, and which of its two searches has to miss something by each. */
export const VERIFY_BUGS: readonly { name: string; search: 'log' | 'rows'; change: CodeChange }[] = [
  {
    name: 'an event is not held against its hash',
    search: 'log',
    change: {
      file: CHAIN,
      from: /sha256\(Buffer\.from\(prior, 'hex'\), eventText\(stream, row\)\) !== row\.hash/,
      to: 'row.hash === ""',
    },
  },
  {
    name: 'what was typed is not held against its digest',
    search: 'log',
    change: { file: CHAIN, from: /sha256\(canonicalJson\(row\.personal\)\) !== digest/, to: 'digest === ""' },
  },
  {
    name: 'nobody asks whether the last event is the one that the task names',
    search: 'log',
    change: { file: VERIFY, from: /const head = brokenHead\(record\);/, to: 'const head = null;' },
  },
  {
    name: 'events of no task are not looked for',
    search: 'log',
    change: { file: VERIFY, from: /of await strayEvents\(ask\)\)/, to: 'of [])' },
  },
  {
    name: 'when a task expires is not compared',
    search: 'rows',
    change: {
      file: 'src/cli/log/tables.ts',
      from: /\['log_seq', 'log_hash'\]/,
      to: "['log_seq', 'log_hash', 'expires_at']",
    },
  },
];

/** The verification with a bug in it. */
export async function buggyVerify(change: CodeChange): Promise<typeof verifySnapshot> {
  return (await changedModule<{ verifySnapshot: typeof verifySnapshot }>(VERIFY, [change])).verifySnapshot;
}

/** Bugs of what answers for the past. */
export const PAST_BUGS: readonly { name: string; sql: NonNullable<Mutation['sql']> }[] = [
  {
    name: 'the first event behind the moment counts, too',
    sql: inStatement(
      'find-past-tasks',
      /where e\.created_at <= (\$\d+::timestamptz) group by/,
      `where e.seq <= 1 + (select count(*) from task_events b where b.task_id = e.task_id and b.created_at <= $1)
       and e.created_at is not null group by`,
    ),
  },
  {
    name: 'the past goes by when things happened, not by when they were recorded',
    sql: inStatement(
      'find-past-tasks',
      /where e\.created_at <= (\$\d+::timestamptz) group by/,
      'where e.occurred_at <= $1 group by',
    ),
  },
];

/** Bugs of whoever writes the log: a statement that tells another thing than it does. */
export const WRITER_BUGS: readonly { name: string; sql: NonNullable<Mutation['sql']> }[] = [
  {
    name: 'a result is stored with another score than the log tells',
    sql: inStatement('update-study_tasks', /score = r\.score/, 'score = r.score * 0.5'),
  },
];

/** Bugs of the database's own functions that chain the log. */
export const TRIGGER_BUGS: readonly { name: string; routine: string; from: RegExp; to: string }[] = [
  {
    name: 'an event is hashed without the one in front of it',
    routine: 'chain_task_event()',
    from: /sha256\(prior_hash \|\| /,
    to: 'sha256(',
  },
];

/** Lets the statements of a database be rewritten while `work` runs. */
export async function rewriting<Result>(
  db: Database,
  rewrite: NonNullable<Mutation['sql']>,
  work: () => Promise<Result>,
): Promise<Result> {
  const { query, transact } = db;
  Object.assign(db, rewritten({ query, transact }, rewrite));
  try {
    return await work();
  } finally {
    Object.assign(db, { query, transact });
  }
}
