import { createClient, isStudyPathsError, type StudyPathsClient, type Task } from 'study-paths/client';

/** What the types must let through, and what they must refuse; compiled, never run. */
export async function everything(client: StudyPathsClient): Promise<Task[]> {
  const next = await client.getNextTask();
  if (next === null) return [];
  const { task } = await client.changeTask(
    next.task.id,
    { status: 'skipped' },
    { version: next.task.version },
  );
  const tasks: Task[] = [task];
  for await (const row of client.eachTask({ module: ['greedy', 'heaps'], status: 'completed', limit: 10 })) {
    tasks.push(row);
  }
  for await (const hint of await client.requestHint(task.id)) {
    if (hint.event === 'delta') hint.data.text.toUpperCase();
    if (hint.event === 'done') hint.data.level.toFixed();
  }
  try {
    await client.eraseLearner();
  } catch (error) {
    if (!isStudyPathsError(error)) throw error;
    switch (error.code) {
      case 'confirmation-required':
        await client.eraseLearner(error.problem.confirmation.token);
        break;
      case 'validation':
        error.problem.errors?.map(({ path }) => path);
        break;
      case 'network':
        error.problem satisfies null;
        break;
      // @ts-expect-error: no such code
      case 'no-such-code':
        break;
    }
  }
  // @ts-expect-error: no such module
  await client.listTasks({ module: 'cooking' });
  // @ts-expect-error: code has a language
  await client.submitCode(task.id, { code: '' });
  // @ts-expect-error: a score is not the learner's to set
  await client.changeTask(task.id, { score: 1 });
  // @ts-expect-error: a client needs a token
  createClient({ baseUrl: 'https://study-paths.example' });
  return tasks;
}
