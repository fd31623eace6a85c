import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type * as z from 'zod';
import { HEADERS, PARAMETERS, REQUEST_HEADERS } from '#contract/api/headers.ts';
import { OPERATIONS } from '#contract/api/index.ts';
import { isTagged, type Operation, TAGS } from '#contract/api/operation.ts';
import { PROBLEM_GUIDE, PROBLEM_SCHEMAS } from '#contract/api/problem-guide.ts';
import { PROBLEMS, type ProblemCode, ProblemDetails } from '#contract/problem-details.ts';
import { describe } from './describe.ts';
import { type Docs, keyDocs, readDocstrings } from './docstrings.ts';
import { type JsonSchema, reachable } from './json-schema.ts';
import { header, problemContent, problemExample, responsesOf } from './responses.ts';
import { createSchemas, type Schemas } from './schemas.ts';

const ROOT = new URL('../../../', import.meta.url);

const DESCRIPTION = `The memory and the brain of a learner’s path through coding interview preparation.

Send \`Authorization: Bearer <token>\` with everything under \`/v1\`. Bodies are JSON in UTF-8, at most 256 KiB; times are RFC 3339 in UTC. Errors are problem documents (RFC 9457) with a stable \`code\`. A thing of another learner answers like one that does not exist. Lists answer \`{data, next_cursor}\` and a \`Link\` header. Query parameters that an operation does not name are refused with 400 \`invalid-query\`, where it names any. Reads answer 304 to \`If-None-Match\`. A POST with an \`Idempotency-Key\` can be repeated without being done twice. Answers may get new keys: pass over those that you do not know.`;

/** An OpenAPI 3.1 document as plain data. */
export type Document = {
  paths: Record<string, Record<string, JsonSchema>>;
  components: JsonSchema;
} & JsonSchema;

/** What the document is made of beside the operations. */
type Sources = { schemas: Schemas; docs: ReadonlyMap<string, Docs> };

function parametersOf(operation: Operation, { schemas, docs }: Sources): unknown[] {
  const { params, query, method } = operation;
  const parameters = (['path', 'query'] as const).flatMap((place) => {
    const zod = place === 'path' ? params : query;
    if (zod === undefined) return [];
    const { name: declaration, properties, required } = schemas.keysOf(zod);
    const own = declaration === null ? undefined : docs.get(declaration);
    return Object.entries(properties).map(([name, schema]) => {
      const shared = PARAMETERS[name];
      const docstring = own === undefined ? undefined : keyDocs(docs, own, name)?.text;
      return {
        name,
        in: place,
        required: place === 'path' || required.includes(name),
        description: operation.about?.[name] ?? shared?.description ?? docstring ?? '',
        schema,
        ...(shared?.example === undefined ? {} : { example: shared.example }),
      };
    });
  });
  const headers = [
    ...(method === 'post' ? (['Idempotency-Key'] as const) : []),
    ...(isTagged(operation) ? (['If-None-Match'] as const) : []),
    ...(operation.ifMatch === true ? (['If-Match'] as const) : []),
  ].map((name) => ({ $ref: `#/components/parameters/${name}` }));
  return [...parameters, ...headers];
}

function operationOf(operation: Operation, sources: Sources): JsonSchema {
  const { id, tag, summary, description, body, open } = operation;
  const { schemas } = sources;
  const parameters = parametersOf(operation, sources);
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    ...(open === true ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: body.required,
            content: { 'application/json': { schema: schemas.input(body.schema), example: body.example } },
          },
        }),
    responses: responsesOf(operation, schemas),
  };
}

function schemasInUse(): { asked: z.ZodType[]; answered: z.ZodType[] } {
  const given = (schema: z.ZodType | undefined) => (schema === undefined ? [] : [schema]);
  const asked = OPERATIONS.flatMap(({ params, query, body }) => [params, query, body?.schema].flatMap(given));
  const contents = OPERATIONS.flatMap(({ answers }) =>
    Object.values(answers).flatMap(({ content }) => Object.values(content ?? {})),
  );
  const answered = contents.flatMap(({ schema, events }) => [schema, events].flatMap(given));
  return { asked, answered: [ProblemDetails, ...Object.values(PROBLEM_SCHEMAS), ...answered] };
}

/** The contract's own sources, whose docstrings describe the schemas. */
async function contractDocs() {
  const folder = fileURLToPath(new URL('src/contract/', ROOT));
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts'));
  return readDocstrings(files.map((file) => `${folder}${file}`));
}

/** The OpenAPI 3.1 document of the API, made of the contract's operations, schemas and docstrings. */
export async function createDocument(): Promise<Document> {
  const { version, license } = JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8')) as {
    version: string;
    license: string;
  };
  const docs = await contractDocs();
  const { asked, answered } = schemasInUse();
  const schemas = createSchemas(asked, answered);
  const paths: Document['paths'] = {};
  for (const operation of OPERATIONS) {
    const item = paths[operation.path];
    paths[operation.path] = { ...item, [operation.method]: operationOf(operation, { schemas, docs }) };
  }
  const needed = reachable([paths, schemas.output(ProblemDetails)], schemas.components);
  const components = [...needed].toSorted().map((name) => {
    const schema = schemas.components[name] ?? {};
    const own = docs.get(name) ?? docs.get(name.replace(/Input$/, ''));
    return [name, own === undefined ? schema : describe(schema, own, docs)];
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Study Paths',
      version,
      description: DESCRIPTION,
      license: { name: license, identifier: license },
    },
    servers: [
      { url: '/', description: 'The host that serves this document' },
      { url: 'http://127.0.0.1:8787', description: '`npm run dev`' },
    ],
    security: [{ bearer: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: Object.fromEntries(components),
      headers: Object.fromEntries(
        Object.entries(HEADERS).map(([name, { description, example }]) => [
          name,
          { description, schema: { type: 'string' }, example },
        ]),
      ),
      parameters: Object.fromEntries(
        Object.entries(REQUEST_HEADERS).map(([name, { description, example }]) => [
          name,
          { name, in: 'header', description, schema: { type: 'string' }, example },
        ]),
      ),
      examples: Object.fromEntries(
        (Object.keys(PROBLEMS) as ProblemCode[]).map((code) => [
          code,
          { summary: PROBLEM_GUIDE[code].meaning, value: problemExample(code) },
        ]),
      ),
      responses: {
        Unexpected: {
          description: `\`internal\`: ${PROBLEMS.internal.title}.`,
          headers: Object.fromEntries([header('X-Request-Id')]),
          content: problemContent(['internal'], schemas),
        },
      },
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A token of the issuer (RS256, ES256 or EdDSA). Its `sub` is the learner.',
        },
      },
    },
  };
}
