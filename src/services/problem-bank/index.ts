import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import { createMiddleware } from 'hono/factory';
import * as z from 'zod';
import type { ModuleSizes, ProblemPage } from '#contract/problem-bank.ts';
import {
  type RunningService,
  type ServiceApp,
  type ServiceOptions,
  startService,
} from '../common/service.ts';
import { hashOf } from './canonical.ts';
import { type Catalogue, createCatalogue } from './catalogue.ts';
import { loadProblems } from './load.ts';
import { ownProblems } from './problems/index.ts';
import { encodeCursor, parseListQuery } from './query.ts';

/**
 * `files`: bank files (JSONL) loaded beside the problems that ship with this program. `problems` replaces the
 * latter. `apiKey` opens the internal routes.
 */
export type ProblemBankOptions = ServiceOptions & {
  apiKey: string;
  files?: readonly string[];
  problems?: readonly unknown[];
};

const PUBLIC = 'public, max-age=60';

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function requireKey(apiKey: string) {
  const expected = sha256(`Bearer ${apiKey}`);
  return createMiddleware(async (c, next) => {
    if (timingSafeEqual(sha256(c.req.header('authorization') ?? ''), expected)) return next();
    return c.json({ error: { code: 'UNAUTHORIZED', message: 'A service key is needed' } }, 401, {
      'www-authenticate': 'Bearer',
    });
  });
}

function notFound(c: Context) {
  return c.json({ error: { code: 'NOT_FOUND', message: 'No such problem' } }, 404);
}

function routes(catalogue: Catalogue, apiKey: string): ServiceApp {
  const app: ServiceApp = new Hono();
  app.use('/v1/*', etag());
  app.use('/internal/*', requireKey(apiKey), etag());

  app.get('/v1/problems', (c) => {
    const query = parseListQuery(c.req.queries());
    if (!query.success) {
      return c.json({ error: { code: 'INVALID_QUERY', message: z.prettifyError(query.error) } }, 400);
    }
    const { data, next } = catalogue.page(query.data);
    const page: ProblemPage = { data, next_cursor: next === null ? null : encodeCursor(next) };
    const tag = hashOf([page.next_cursor, ...data.map(({ content_hash }) => content_hash)]);
    return c.json(page, 200, { etag: `"${tag}"`, 'cache-control': PUBLIC });
  });

  app.get('/v1/problems/:id', (c) => {
    const problem = catalogue.problem(c.req.param('id'));
    if (problem === null) return notFound(c);
    return c.json(problem, 200, { etag: `"${problem.content_hash}"`, 'cache-control': PUBLIC });
  });

  app.get('/v1/modules', (c) => {
    const sizes: ModuleSizes = { data: catalogue.moduleSizes() };
    return c.json(sizes, 200, { etag: `"${hashOf(sizes)}"`, 'cache-control': PUBLIC });
  });

  app.get('/internal/v1/ping', (c) => c.json({ ok: true }, 200, { 'cache-control': 'no-store' }));

  app.get('/internal/v1/problems/:id/bundle', (c) => {
    const bundle = catalogue.bundle(c.req.param('id'));
    if (bundle === null) return notFound(c);
    return c.json(bundle, 200, { etag: `"${bundle.content_hash}"`, 'cache-control': 'private, no-cache' });
  });

  app.get('/__local/solutions/:id', (c) => {
    const solutions = catalogue.solutions(c.req.param('id'));
    return solutions === null ? notFound(c) : c.json(solutions);
  });
  app.all('*', (c) => c.json({ error: { code: 'NOT_FOUND', message: 'No such route' } }, 404));
  return app;
}

/**
 * Starts the problem bank: `GET /v1/problems`, `/v1/problems/{id}`, `/v1/modules` for everybody,
 * `GET /internal/v1/problems/{id}/bundle` and `/internal/v1/ping` for holders of the key, `GET /__local/solutions/{id}` for tests.
 * @throws Error naming file and line of a bad or doubly defined problem, or the port that is taken
 */
export async function startProblemBank({
  apiKey,
  files = [],
  problems = ownProblems,
  ...options
}: ProblemBankOptions): Promise<RunningService> {
  const catalogue = createCatalogue(await loadProblems(problems, files));
  return startService('problem-bank', routes(catalogue, apiKey), options);
}
