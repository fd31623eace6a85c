import { parseArgs } from 'node:util';
import { Id } from '#contract/text.ts';
import { runCommand } from './command.ts';
import { connectToLog } from './database.ts';
import { forgetTexts } from './forget.ts';

const USAGE = `Erases what was typed, said and printed in a task, for good; results stay, and the log still verifies.
usage: npm run log:forget -- --task <id>
DATABASE_URL (of the environment or .dev.vars) is the owner's address; without it, the local stack's database is used.
`;

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { task: { type: 'string' } } });
  const task = Id.safeParse(values.task);
  if (!task.success) {
    process.stderr.write(`--task must be the id of a task\n${USAGE}`);
    return 2;
  }
  const client = await connectToLog();
  try {
    const texts = await forgetTexts(client, task.data);
    process.stdout.write(texts === null ? 'there is no such task\n' : `erased ${texts} texts\n`);
    return texts === null ? 1 : 0;
  } finally {
    await client.end();
  }
}

await runCommand(main);
