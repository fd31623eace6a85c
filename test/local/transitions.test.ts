import { expect, test } from 'vitest';
import { TaskKind, TaskStatus } from '#contract/vocabulary.ts';
import { TASK_COMMANDS, type TaskCommand, takesCommand } from '#domain/tasks/lifecycle.ts';
import { startMigratedDatabase } from '../support/postgres.ts';
import { sqlOverHttp } from '../support/sql-http.ts';

test('the database knows of each command the same tasks that the domain does', async () => {
  const server = await startMigratedDatabase();
  try {
    const { answer } = await sqlOverHttp(server)({
      query: 'select command, kind, status from task_transitions order by 1, 2, 3',
    });
    const commands = Object.keys(TASK_COMMANDS) as TaskCommand[];
    const expected = commands.flatMap((command) =>
      TaskKind.options.flatMap((kind) =>
        TaskStatus.options
          .filter((status) => takesCommand(command, { kind, status }))
          .map((status) => `${command} ${kind} ${status}`),
      ),
    );
    const rows = answer.rows as { command: string; kind: string; status: string }[];
    expect(rows.map(({ command, kind, status }) => `${command} ${kind} ${status}`)).toEqual(
      expected.toSorted(),
    );
  } finally {
    await server.close();
  }
});
