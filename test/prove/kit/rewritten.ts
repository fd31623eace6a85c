import type { Database } from '#worker/db/client.ts';
import type { Step } from '#worker/db/statement.ts';

/** Changes the text of a statement, by its name. */
export type Rewrite = (name: string, text: string) => string;

/** The same database, whose statements pass through `rewrite` on their way. */
export function rewritten(inner: Database, rewrite: Rewrite): Database {
  const planted = <Row>(step: Step<Row>): Step<Row> => ({ ...step, text: rewrite(step.name, step.text) });
  return {
    query: (statement, params) =>
      inner.query({ ...statement, text: rewrite(statement.name, statement.text) }, params),
    transact: (transaction, steps, answers) =>
      inner.transact(transaction, steps.map(planted), answers?.map(planted) as typeof answers),
  };
}
