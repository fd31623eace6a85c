import type { HeaderName } from '#contract/api/headers.ts';
import {
  type Answer,
  type Content,
  isTagged,
  type Operation,
  problemsByStatus,
  statusesOf,
} from '#contract/api/operation.ts';
import { PROBLEM_GUIDE, PROBLEM_SCHEMAS } from '#contract/api/problem-guide.ts';
import { PROBLEM_TYPE, PROBLEMS, type ProblemCode, ProblemDetails } from '#contract/problem-details.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Schemas } from './schemas.ts';

/** A header of an answer, described once for all. */
export const header = (name: HeaderName) => [name, { $ref: `#/components/headers/${name}` }] as const;

/** The example of an error as it travels. */
export function problemExample(code: ProblemCode): JsonSchema {
  const { status, title } = PROBLEMS[code];
  const { detail, errors, ...members } = PROBLEM_GUIDE[code].example ?? {};
  return {
    type: `${PROBLEM_TYPE}${code}`,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    code,
    request_id: '0b8f4f0e-6a3f-4a77-9a38-2f6d6c1c0a51',
    ...(errors === undefined ? {} : { errors }),
    ...members,
  };
}

/** The body of an error that has one of these codes. */
export function problemContent(codes: readonly ProblemCode[], schemas: Schemas): JsonSchema {
  const special = codes
    .flatMap((code) => PROBLEM_SCHEMAS[code] ?? [])
    .map((schema) => schemas.output(schema));
  const plain = codes.filter((code) => PROBLEM_SCHEMAS[code] === undefined);
  const general = { allOf: [schemas.output(ProblemDetails), { properties: { code: { enum: plain } } }] };
  const choices = plain.length === 0 ? special : [...special, general];
  const schema = choices.length === 1 ? choices[0] : { oneOf: choices };
  const examples = codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]);
  return { 'application/problem+json': { schema, examples: Object.fromEntries(examples) } };
}

function contentOf(content: Content, schemas: Schemas): JsonSchema {
  if (content.schema !== undefined)
    return { schema: schemas.output(content.schema), example: content.example };
  const events = content.events === undefined ? {} : { 'x-events': schemas.output(content.events) };
  return { schema: { type: 'string' }, example: content.example, ...events };
}

function headersOf(operation: Operation, status: number, answer: Answer | undefined): JsonSchema {
  const names: HeaderName[] = ['X-Request-Id', ...(answer?.headers ?? [])];
  if (isTagged(operation) && (status === 200 || status === 304)) names.push('ETag');
  if (status === 401) names.push('WWW-Authenticate');
  if (status === 429) names.push('RateLimit');
  if (status === 429 || status === 503) names.push('Retry-After');
  if (operation.method !== 'get' && (status < 400 || status === 429)) names.push('RateLimit-Policy');
  if (operation.method === 'post' && status < 400) names.push('Idempotency-Replayed');
  return Object.fromEntries([...new Set(names)].map(header));
}

/** All answers of an operation, errors included. */
export function responsesOf(operation: Operation, schemas: Schemas): JsonSchema {
  const problems = problemsByStatus(operation);
  const entries = statusesOf(operation).map((status) => {
    const answer = operation.answers[status];
    const codes = problems.get(status) ?? [];
    const own = Object.entries(answer?.content ?? {}).map(([media, content]) => [
      media,
      contentOf(content, schemas),
    ]);
    const content = {
      ...Object.fromEntries(own),
      ...(codes.length === 0 ? {} : problemContent(codes, schemas)),
    };
    const titles = codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`);
    const text = status === 304 ? 'What the client has is still so.' : answer?.description;
    const response = {
      description: [text, ...titles].filter((part) => part !== undefined).join(' '),
      headers: headersOf(operation, status, answer),
      ...(Object.keys(content).length === 0 ? {} : { content }),
    };
    return [String(status), response];
  });
  return { ...Object.fromEntries(entries), default: { $ref: '#/components/responses/Unexpected' } };
}
