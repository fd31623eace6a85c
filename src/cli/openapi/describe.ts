import { type Docs, keyDocs } from './docstrings.ts';
import { isObject, type JsonSchema, refName } from './json-schema.ts';

type AllDocs = ReadonlyMap<string, Docs>;

/** Puts the docstrings of a declaration's keys beside what its schema says of them, however deep. */
function describeKeys(schema: JsonSchema, docs: Docs, all: AllDocs): JsonSchema {
  const deeper = (value: unknown) => (isObject(value) ? describeKeys(value, docs, all) : value);
  const result: JsonSchema = { ...schema };
  for (const key of ['anyOf', 'oneOf'] as const) {
    const list = schema[key];
    if (Array.isArray(list)) result[key] = list.map(deeper);
  }
  for (const key of ['items', 'additionalProperties'] as const) result[key] = deeper(schema[key]);
  const { properties } = schema;
  if (isObject(properties)) {
    result.properties = Object.fromEntries(
      Object.entries(properties).map(([key, value]) => {
        const own = keyDocs(all, docs, key);
        return [key, own === undefined || !isObject(value) ? value : describe(value, own, all)];
      }),
    );
  }
  return Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined));
}

/** The schema with what its declaration says, in front where people look first. */
export function describe(schema: JsonSchema, docs: Docs, all: AllDocs): JsonSchema {
  const inner = refName(schema) === null ? describeKeys(schema, docs, all) : schema;
  return docs.text === '' || 'description' in inner ? inner : { description: docs.text, ...inner };
}
