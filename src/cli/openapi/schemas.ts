import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import * as evaluator from '#contract/evaluator.ts';
import * as events from '#contract/events.ts';
import * as exports_ from '#contract/export.ts';
import * as health from '#contract/health.ts';
import * as hints from '#contract/hints.ts';
import * as history from '#contract/history.ts';
import * as learning from '#contract/learning.ts';
import * as paths from '#contract/paths.ts';
import * as privacy from '#contract/privacy.ts';
import * as bank from '#contract/problem-bank.ts';
import * as problems from '#contract/problem-details.ts';
import * as progress from '#contract/progress.ts';
import * as quotas from '#contract/quotas.ts';
import * as reviews from '#contract/reviews.ts';
import * as submissions from '#contract/submissions.ts';
import * as tasks from '#contract/tasks.ts';
import { spelling } from '#contract/text.ts';
import * as vocabulary from '#contract/vocabulary.ts';
import {
  COMPONENTS,
  distributed,
  isObject,
  type JsonSchema,
  reachable,
  refName,
  rewrite,
} from './json-schema.ts';

const MODULES = [
  vocabulary,
  problems,
  paths,
  tasks,
  submissions,
  evaluator,
  events,
  hints,
  history,
  learning,
  reviews,
  progress,
  quotas,
  exports_,
  privacy,
  bank,
  health,
];

/** Half of an intersection: `TaskEvent` holds what it says. */
const NO_COMPONENTS = new Set(['TaskFact']);
const COMPONENT_TYPES = new Set(['object', 'union', 'enum', 'intersection', 'prefault']);

/** Exported schemas of the contract by name: objects, unions and closed sets; plain texts and numbers stay where they are used. */
function namedSchemas(): Map<z.ZodType, string> {
  const named = new Map<z.ZodType, string>();
  for (const [name, value] of MODULES.flatMap((module) => Object.entries<unknown>(module))) {
    if (value instanceof z.ZodType && COMPONENT_TYPES.has(value.def.type) && !NO_COMPONENTS.has(name)) {
      named.set(value, name);
    }
  }
  return named;
}

function clear(schema: JsonSchema, content: JsonSchema): void {
  for (const key of Object.keys(schema)) delete schema[key];
  Object.assign(schema, content);
}

/** What JSON Schema says better than zod's own translation. */
function override(named: ReadonlyMap<z.ZodType, string>, io: 'input' | 'output') {
  // Below a spelling zod knows no names: they are put there by hand.
  const below: typeof change = (context) => {
    const own: unknown = context.zodSchema;
    const name = [...named].find(([schema]) => schema === own)?.[1];
    if (name === undefined) change(context);
    else clear(context.jsonSchema, { $ref: COMPONENTS + name });
  };
  return change;

  function change({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: JsonSchema }) {
    const as = spelling.get(zodSchema);
    if (as !== undefined) {
      const name = named.get(as);
      clear(
        jsonSchema,
        name === undefined ? { ...z.toJSONSchema(as, { io, override: below }) } : { $ref: COMPONENTS + name },
      );
      delete jsonSchema.$schema;
    }
    // `z.json()`: any JSON value, which the empty schema says.
    if (zodSchema._zod.def.type === 'lazy') clear(jsonSchema, {});
    if (jsonSchema.format === 'date-time' || jsonSchema.format === 'date') delete jsonSchema.pattern;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    // Answers may grow: a client passes over keys that it does not know.
    if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  }
}

function plainType(schema: JsonSchema): schema is JsonSchema & { type: string } {
  return typeof schema.type === 'string' && schema.enum === undefined && schema.const === undefined;
}

function tidy(schema: JsonSchema): JsonSchema {
  const { $schema: _schema, anyOf, ...rest } = schema;
  if (typeof schema.$ref === 'string' && schema.$ref.includes('__shared')) return {};
  if (
    isObject(rest.propertyNames) &&
    rest.propertyNames.type === 'string' &&
    Object.keys(rest.propertyNames).length === 1
  ) {
    delete rest.propertyNames;
  }
  if (!Array.isArray(anyOf)) return rest;
  const [first, second, ...others] = anyOf.filter(isObject);
  if (first !== undefined && others.length === 0 && second?.type === 'null' && plainType(first)) {
    return { ...rest, ...first, type: [first.type, 'null'] };
  }
  return { ...rest, anyOf };
}

function translate(
  named: ReadonlyMap<z.ZodType, string>,
  io: 'input' | 'output',
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of named) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io,
    uri: (id) => `${COMPONENTS}${id}`,
    unrepresentable: 'any',
    override: override(named, io),
  });
  const { __shared: _shared, ...own } = schemas as Record<string, JsonSchema>;
  const tidied = Object.fromEntries(
    Object.entries(own).map(([name, { $id: _uri, id: _id, ...schema }]) => [name, tidyRoot(schema)]),
  );
  return Object.fromEntries(
    Object.entries(tidied).map(([name, schema]) => [name, distributed(schema, tidied)]),
  );
}

function tidyRoot(schema: JsonSchema): JsonSchema {
  const result = rewrite(schema, tidy);
  return isObject(result) ? result : {};
}

/** Names of input schemas that differ from the answers' schema of that name, or refer to such a one. */
function differing(inputs: Record<string, JsonSchema>, outputs: Record<string, JsonSchema>): Set<string> {
  const names = new Set(
    Object.keys(inputs).filter((name) => !isDeepStrictEqual(inputs[name], outputs[name])),
  );
  return new Set(
    Object.keys(inputs).filter((name) =>
      [name, ...reachable(inputs[name], inputs)].some((one) => names.has(one)),
    ),
  );
}

export type Schemas = {
  /** A schema as a body of a request or as query parameters, and as an answer. */
  input(schema: z.ZodType): JsonSchema;
  output(schema: z.ZodType): JsonSchema;
  /** Of an object: its name in the contract, if it has one, and its keys as a request writes them. */
  keysOf(schema: z.ZodType): { name: string | null; properties: JsonSchema; required: unknown[] };
  /** Every named schema; one that looks different in requests is there twice, as `<name>` and `<name>Input`. */
  components: Record<string, JsonSchema>;
};

/** Translates the contract to JSON Schema. @param asked schemas of requests @param answered schemas of answers */
export function createSchemas(asked: Iterable<z.ZodType>, answered: readonly z.ZodType[]): Schemas {
  const named = namedSchemas();
  const ids = new Map(named);
  for (const schema of [...asked, ...answered]) if (!ids.has(schema)) ids.set(schema, `anonymous${ids.size}`);
  const outputs = translate(ids, 'output');
  const raw = translate(ids, 'input');
  // What no answer shows keeps its plain name.
  const shown = reachable(
    answered.map((schema) => ({ $ref: COMPONENTS + ids.get(schema) })),
    outputs,
  );
  const different = differing(raw, outputs);
  const nameOf = (name: string) => (different.has(name) && shown.has(name) ? `${name}Input` : name);
  const inputs = Object.fromEntries(
    Object.entries(raw).map(([name, schema]) => [
      nameOf(name),
      rewrite(schema, (part) => {
        const target = refName(part);
        return target === null ? part : { ...part, $ref: COMPONENTS + nameOf(target) };
      }) as JsonSchema,
    ]),
  );

  function lookUp(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const id = ids.get(schema);
    if (id === undefined) throw new Error('a schema that was not announced');
    const name = io === 'input' ? nameOf(id) : id;
    const found = (io === 'input' ? inputs : outputs)[name] ?? {};
    return named.has(schema) ? { $ref: COMPONENTS + name } : found;
  }

  return {
    input: (schema) => lookUp(schema, 'input'),
    output: (schema) => lookUp(schema, 'output'),
    keysOf(schema) {
      const name = named.get(schema) ?? null;
      const { properties, required } = inputs[nameOf(ids.get(schema) ?? '')] ?? {};
      return {
        name,
        properties: isObject(properties) ? properties : {},
        required: Array.isArray(required) ? required : [],
      };
    },
    components: { ...outputs, ...inputs },
  };
}
