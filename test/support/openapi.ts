import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Document } from '#cli/openapi/document.ts';
import { closed, isObject } from '#cli/openapi/json-schema.ts';
import { OPERATIONS } from '#contract/api/index.ts';
import { isTagged, type Operation } from '#contract/api/operation.ts';

const DOCUMENT = 'https://study-paths.test/openapi.json';

/** An answer as the suite saw it; `body` is null where it was not read. */
export type SeenAnswer = {
  method: string;
  path: string;
  status: number;
  headers: Headers;
  body: string | null;
};

const pointer = (...parts: readonly string[]) =>
  parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const matchers = OPERATIONS.map((operation) => ({
  operation,
  pattern: new RegExp(`^${operation.path.replaceAll(/\{[a-z_]+\}/g, '([^/]+)')}$`),
}));

/** The operation that a request asks for: names before parameters, as the router has it. Undefined for other routes. */
export function operationFor(method: string, path: string): Operation | undefined {
  const wanted = method === 'HEAD' ? 'get' : method.toLowerCase();
  const fitting = matchers.filter(
    ({ operation, pattern }) => operation.method === wanted && pattern.test(path),
  );
  return (fitting.find(({ operation }) => !operation.path.includes('{')) ?? fitting[0])?.operation;
}

/** Validators made of the document itself, each compiled when first needed. Unknown keys fail. */
export function createChecks(document: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(closed(document) as object, DOCUMENT);
  const compiled = new Map<string, ValidateFunction>();

  /** What is wrong with a value by the schema at this place of the document; empty when nothing is. */
  function faults(value: unknown, ...place: readonly string[]): string[] {
    const ref = `${DOCUMENT}#${pointer(...place)}`;
    const validate = compiled.get(ref) ?? ajv.compile({ $ref: ref });
    compiled.set(ref, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  function bodyFaults(operation: Operation, { status, headers, body }: SeenAnswer): string[] {
    const response = document.paths[operation.path]?.[operation.method]?.responses;
    const documented = isObject(response) ? response[String(status)] : undefined;
    if (!isObject(documented)) return [`status ${status} is not documented`];
    const { content } = documented;
    const media = headers.get('content-type')?.split(';')[0] ?? '';
    if (!isObject(content)) return media === '' ? [] : [`a body of ${media} where none is documented`];
    if (!(media in content)) return [`${media} is not documented`];
    if (body === null || !media.endsWith('json')) return [];
    const place = ['paths', operation.path, operation.method, 'responses', String(status), 'content', media];
    return faults(JSON.parse(body), ...place, 'schema');
  }

  function headerFaults(operation: Operation, { status, headers }: SeenAnswer): string[] {
    const needed = ['x-request-id'];
    if (isTagged(operation) && (status === 200 || status === 304)) needed.push('etag');
    if (status === 401) needed.push('www-authenticate');
    if (status === 202) needed.push('retry-after');
    // A quota of hints is not renewed, so that there is nothing to wait for.
    if (status === 429) needed.push('ratelimit');
    return needed.filter((name) => !headers.has(name)).map((name) => `no header ${name}`);
  }

  /** What is wrong with an answer by the document. */
  function answerFaults(operation: Operation, answer: SeenAnswer): string[] {
    return [...headerFaults(operation, answer), ...bodyFaults(operation, answer)];
  }

  return { faults, answerFaults };
}
