import { ExportTasks, LearnerExport, TaskExport } from '../export.ts';
import { COMPLETED_TASK, PATH } from './examples.ts';
import type { Operation } from './operation.ts';

const CSV = `task_id,path_id,kind,problem_id,title,module,topic_tags,difficulty,status,scheduled_at,...\r
3f0f3b3a-8a52-4b6e-9d0b-6a3f5d8f2c11,8c1f6a52-6f0e-4f6b-9a53-0d6f1b7e2a10,problem,arrays-longest-plateau,Longest Plateau,...\r
`;

const EMPTY = {
  evaluations: [],
  events: [],
  path_events: [],
  learner_events: [],
  mastery: [],
  module_states: [],
  review_queue: [],
  review_log: [],
  idempotency_keys: [],
};

export const exportOperations: readonly Operation[] = [
  {
    id: 'exportTasks',
    method: 'get',
    path: '/v1/study-tasks/export',
    tag: 'export',
    summary: 'Export tasks as JSON or CSV',
    description:
      'The tasks that the filters let through, as a file. It streams; cut short, JSON does not parse and a CSV asked for with `trailer=true` lacks its last row. CSV cells that a spreadsheet would run as a formula begin with an apostrophe. A cell has at most 32,767 characters, as spreadsheets hold no more: longer code goes on in `code_2` and `code_3`; any other text is cut there and ends with `…`, and JSON has all of it.',
    query: ExportTasks,
    about: {
      format: '`json` or `csv`.',
      attempts: 'Every submission with its own result: a row each in CSV, a list in each task in JSON.',
      include: '`code` adds the learner’s own code; goes with `attempts=true`.',
      bom: 'CSV begins with a byte order mark, by which spreadsheets know UTF-8.',
      dates:
        'Times in CSV: `utc` for RFC 3339, `local` for `YYYY-MM-DD HH:MM:SS` in the time zone of the newest path, which spreadsheets read.',
      trailer: 'CSV ends with a row that holds the number of rows before it.',
    },
    answers: {
      200: {
        description: 'The file.',
        content: {
          'application/json': {
            schema: TaskExport,
            example: {
              schema: 'study-paths/export',
              version: 1,
              as_of: '2026-11-26T10:00:00.000Z',
              filters: { module: ['arrays-strings'] },
              paths: [PATH],
              tasks: [COMPLETED_TASK],
              count: 1,
            },
          },
          'text/csv': { example: CSV },
        },
        headers: ['Content-Disposition', 'RateLimit-Policy'],
      },
    },
    problems: ['rate-limited'],
  },
  {
    id: 'exportEverything',
    method: 'get',
    path: '/v1/me/export',
    tag: 'privacy',
    summary: 'Export everything about the learner',
    description: 'Everything that is kept about the learner, as one JSON file. It streams.',
    answers: {
      200: {
        description: 'The file.',
        content: {
          'application/json': {
            schema: LearnerExport,
            example: {
              schema: 'study-paths/learner',
              version: 1,
              as_of: '2026-11-26T10:00:00.000Z',
              learner_id: 'alice',
              paths: [PATH],
              tasks: [COMPLETED_TASK],
              ...EMPTY,
              counts: {
                paths: 1,
                tasks: 1,
                ...Object.fromEntries(Object.keys(EMPTY).map((section) => [section, 0])),
              },
            },
          },
        },
        headers: ['Content-Disposition', 'RateLimit-Policy'],
      },
    },
    problems: ['rate-limited'],
  },
];
