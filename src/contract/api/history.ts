import { ListTasks, TaskPage } from '../history.ts';
import { COMPLETED_TASK, CURSOR, PROBLEM } from './examples.ts';
import type { Operation } from './operation.ts';

export const historyOperations: readonly Operation[] = [
  {
    id: 'listTasks',
    method: 'get',
    path: '/v1/study-tasks',
    tag: 'history',
    summary: 'List tasks',
    description:
      'The learner’s tasks over all paths. Repeat a filter to mean "any of"; different filters must all hold.',
    query: ListTasks,
    answers: {
      200: {
        description: 'A page of tasks.',
        content: {
          'application/json': {
            schema: TaskPage,
            example: { data: [{ ...COMPLETED_TASK, title: PROBLEM.title }], next_cursor: CURSOR },
          },
        },
        headers: ['Link'],
      },
    },
  },
];
