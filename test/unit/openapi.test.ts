import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { createDocument } from '#cli/openapi/document.ts';
import { OPERATIONS } from '#contract/api/index.ts';
import { problemsOf } from '#contract/api/operation.ts';
import { ProblemCode } from '#contract/problem-details.ts';
import { createChecks } from '../support/openapi.ts';

const document = await createDocument();
const { faults } = createChecks(document);

type Route = { method: string; path: string; handler: object };
type AppModule = { createApp(parts: unknown): { routes: Route[] } };

// Loaded without its types: they are those of workerd, which this program does not have.
const { createApp }: AppModule = await import(new URL('../../src/worker/app.ts', import.meta.url).href);

/** The router as it is deployed; nothing of its surroundings is called. */
const app = createApp({
  services: { config: { CORS_ORIGINS: [] } },
  limits: { writes: null, exports: null },
  logger: () => ({}),
});

/** Addresses for a browser's own navigation, no part of the API. */
const PAGES = ['/sign-in'];

const routes = app.routes.filter(({ method, path }) => method !== 'ALL' && !PAGES.includes(path));
const templateOf = (path: string) => path.replaceAll(/:([a-z_]+)/g, '{$1}');
const nameOf = (method: string, path: string) => `${method.toLowerCase()} ${templateOf(path)}`;

test('an independent validator finds nothing wrong with the document', async () => {
  expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
});

test('the document holds the routes of the router, and no others', () => {
  const documented = OPERATIONS.map(({ method, path }) => nameOf(method, path));
  expect(new Set(documented)).toEqual(new Set(routes.map(({ method, path }) => nameOf(method, path))));
  expect(new Set(documented).size).toBe(documented.length);
  expect(new Set(OPERATIONS.map(({ id }) => id)).size).toBe(OPERATIONS.length);
});

test.each(OPERATIONS)(
  '$id is held to the very schemas that are documented',
  ({ method, path, params, query, body }) => {
    const used = new Map<unknown, unknown>();
    for (const route of routes.filter((other) => nameOf(other.method, other.path) === `${method} ${path}`)) {
      if ('part' in route.handler && 'schema' in route.handler)
        used.set(route.handler.part, route.handler.schema);
    }
    expect(used.get('param')).toBe(params);
    expect(used.get('query')).toBe(query);
    expect(used.get('json')).toBe(body?.schema);
  },
);

test.each(OPERATIONS)('the examples of $id fit their schemas', ({ method, path, body, answers }) => {
  const place = ['paths', path, method];
  if (body !== undefined) {
    expect(faults(body.example, ...place, 'requestBody', 'content', 'application/json', 'schema')).toEqual(
      [],
    );
  }
  for (const [status, { content = {} }] of Object.entries(answers)) {
    for (const [media, { example }] of Object.entries(content)) {
      expect(faults(example, ...place, 'responses', status, 'content', media, 'schema')).toEqual([]);
    }
  }
});

test.each(OPERATIONS)('the examples of the errors of $id fit their schemas', ({ method, path }) => {
  const { examples } = document.components as { examples: Record<string, { value: unknown }> };
  const responses = document.paths[path]?.[method]?.responses ?? {};
  for (const [status, response] of Object.entries(responses)) {
    const { content } = response as { content?: Record<string, { examples?: object }> };
    for (const code of Object.keys(content?.['application/problem+json']?.examples ?? {})) {
      const place = [
        'paths',
        path,
        method,
        'responses',
        status,
        'content',
        'application/problem+json',
        'schema',
      ];
      expect(faults(examples[code]?.value, ...place), code).toEqual([]);
    }
  }
});

test('each code can be answered by some operation, but for what is refused before it is known which', () => {
  const known = new Set(OPERATIONS.flatMap((operation) => problemsOf(operation)));
  expect(ProblemCode.options.filter((code) => !known.has(code))).toEqual([
    'foreign-request',
    'method-not-allowed',
    'internal',
  ]);
});

test('everything that a reader has to know is said', () => {
  const nameless: string[] = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, { parameters = [] }] of Object.entries(item)) {
      for (const parameter of parameters as { name?: string; description?: string }[]) {
        if (parameter.description === '') nameless.push(`${method} ${path} ${parameter.name}`);
      }
    }
  }
  expect(nameless).toEqual([]);
  const { schemas } = document.components as {
    schemas: Record<string, { properties?: object; description?: string }>;
  };
  expect(schemas.Task).toMatchObject({ description: 'A task as the API shows it.' });
  expect(schemas.Task?.properties).toMatchObject({
    score: { description: expect.stringContaining('Best score') },
  });
  // Docstrings cite the design, which a reader of the API does not have.
  expect(JSON.stringify(document)).not.toMatch(/decisions, section|system design/);
});
