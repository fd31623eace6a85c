import type { Product } from './product.ts';

export type RouteName = `${string} ${string}`;

/** Every route for learners that the router knows, as `GET /v1/study-tasks/:id`; middleware is none. */
export function learnerRoutes({ app }: Product): RouteName[] {
  const names = app.routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/v1/') && !path.includes('*'))
    .map(({ method, path }): RouteName => `${method} ${path}`);
  return [...new Set(names)].toSorted();
}

/**
 * A request that a route takes, for proofs that go through the whole table: what its path, query and body are made of.
 * `fields` names every field of the body by its dotted path, so that other values can be put there.
 */
export type Plan = {
  /** What `:id` stands for; null for a route without one. */
  id: 'task' | 'path' | null;
  body?: (ids: { task: string; path: string }) => unknown;
  fields?: readonly string[];
  query?: Readonly<Record<string, string>>;
};

const now = () => new Date().toISOString();
const newTask = () => ({
  problem_id: 'hashing-1',
  kind: 'lesson',
  module: 'hashing',
  topic_tags: ['tag'],
  difficulty: 2,
  scheduled_at: now(),
  reason: 'because',
});
const LIST = {
  module: 'hashing',
  status: 'scheduled',
  difficulty: '2',
  kind: 'lesson',
  topic: 'tag',
  from: '2020-01-01T00:00:00Z',
  to: '2100-01-01T00:00:00Z',
  track_id: 'coding-interview-meta',
  path_id: '00000000-0000-4000-8000-000000000000',
};
const PAGE = { limit: '5', cursor: 'none' };
const code = () => JSON.stringify({ who: 'anyone', pass: 4, hold: 0 });

/** One plan per route. A route without one makes the proofs fail. */
export const PLANS: Readonly<Record<RouteName, Plan>> = {
  'POST /v1/study-paths': {
    id: null,
    body: () => ({
      track_id: 'coding-interview-meta',
      config: {
        tasks_per_day: 3,
        time_zone: 'Europe/Berlin',
        modules: ['hashing'],
        module_weights: { hashing: 2 },
      },
    }),
    fields: [
      'track_id',
      'config',
      'config.tasks_per_day',
      'config.time_zone',
      'config.modules.0',
      'config.module_weights.hashing',
    ],
  },
  'GET /v1/study-paths': { id: null, query: PAGE },
  'GET /v1/study-paths/current': { id: null, query: { track_id: 'coding-interview-meta' } },
  'PATCH /v1/study-paths/:id': {
    id: 'path',
    body: () => ({ config: { tasks_per_day: 5, time_zone: 'UTC' } }),
    fields: ['config', 'config.tasks_per_day', 'config.time_zone'],
  },
  'DELETE /v1/study-paths/:id': { id: 'path' },
  'GET /v1/study-paths/:id/progress': { id: 'path', query: {} },
  'POST /v1/study-tasks/batch': {
    id: null,
    body: ({ path }) => ({ path_id: path, tasks: [newTask()] }),
    fields: [
      ...[
        'path_id',
        'tasks',
        'tasks.0',
        'tasks.0.problem_id',
        'tasks.0.kind',
        'tasks.0.module',
        'tasks.0.topic_tags.0',
      ],
      ...['tasks.0.difficulty', 'tasks.0.scheduled_at', 'tasks.0.reason', 'tasks.0.retry_of'],
    ],
  },
  'GET /v1/study-tasks': { id: null, query: { ...LIST, ...PAGE, order: 'asc' } },
  'GET /v1/study-tasks/next': { id: null, query: { track_id: 'coding-interview-meta' } },
  'GET /v1/study-tasks/review-due': { id: null, query: { within: '7d', ...PAGE } },
  'GET /v1/study-tasks/export': {
    id: null,
    query: { ...LIST, format: 'csv', attempts: 'true', trailer: 'true' },
  },
  'GET /v1/study-tasks/:id': { id: 'task' },
  'PATCH /v1/study-tasks/:id': {
    id: 'task',
    body: () => ({ metadata: { note: 'x' } }),
    fields: ['status', 'reason', 'metadata', 'metadata.note', 'time_spent_seconds'],
  },
  'GET /v1/study-tasks/:id/events': { id: 'task', query: PAGE },
  'GET /v1/study-tasks/:id/hints': { id: 'task', query: PAGE },
  'POST /v1/study-tasks/:id/start': { id: 'task' },
  'POST /v1/study-tasks/:id/submit': {
    id: 'task',
    body: () => ({ language: 'python', code: code(), time_spent_seconds: 5 }),
    fields: ['language', 'code', 'time_spent_seconds'],
  },
  'POST /v1/study-tasks/:id/run': {
    id: 'task',
    body: () => ({ language: 'python', code: code() }),
    fields: ['language', 'code'],
  },
  'POST /v1/study-tasks/:id/evaluate': { id: 'task', body: () => ({}), fields: ['submission_id'] },
  'POST /v1/study-tasks/:id/hint': {
    id: 'task',
    body: () => ({ question: 'How?', code: 'x', language: 'python', level: 1 }),
    fields: ['question', 'code', 'language', 'level'],
  },
  'POST /v1/study-tasks/:id/grade': { id: 'task', body: () => ({ grade: 'good' }), fields: ['grade'] },
  'DELETE /v1/study-tasks/:id/grade': { id: 'task' },
  'DELETE /v1/study-tasks/:id/review': { id: 'task' },
  'GET /v1/me/export': { id: null, query: {} },
  'DELETE /v1/me': {
    id: null,
    query: { confirm: '1.x' },
    body: () => ({ confirm: '1.x' }),
    fields: ['confirm'],
  },
};

export type Planned = { name: RouteName; method: string; path: string; plan: Plan };

/** Every route of the router with its plan, and those that have none. */
export function plannedRoutes(product: Product): { routes: Planned[]; missing: RouteName[] } {
  const routes: Planned[] = [];
  const missing: RouteName[] = [];
  for (const name of learnerRoutes(product)) {
    const plan = PLANS[name];
    const [method = '', path = ''] = name.split(' ');
    if (plan === undefined) missing.push(name);
    else routes.push({ name, method, path, plan });
  }
  return { routes, missing };
}
