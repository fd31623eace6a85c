/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = { [key: string]: unknown };

export const COMPONENTS = '#/components/schemas/';

export function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name of the component that a schema refers to, null for any other schema. */
export function refName(schema: JsonSchema): string | null {
  const { $ref } = schema;
  return typeof $ref === 'string' && $ref.startsWith(COMPONENTS) ? $ref.slice(COMPONENTS.length) : null;
}

/** A copy with every object in it replaced by what `change` makes of it, innermost first. */
export function rewrite(value: unknown, change: (schema: JsonSchema) => JsonSchema): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, change));
  if (!isObject(value)) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewrite(item, change)])));
}

/** Names of the components that a value refers to. */
export function refsIn(value: unknown): Set<string> {
  const names = new Set<string>();
  rewrite(value, (schema) => {
    const name = refName(schema);
    if (name !== null) names.add(name);
    return schema;
  });
  return names;
}

/** The components that these values need, directly or through others. */
export function reachable(values: unknown, components: Readonly<Record<string, JsonSchema>>): Set<string> {
  const found = new Set<string>();
  const queue = [...refsIn(values)];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    queue.push(...refsIn(components[name]));
  }
  return found;
}

function options(schema: JsonSchema): JsonSchema[] {
  const { anyOf, oneOf } = schema;
  const list = oneOf ?? anyOf;
  return Array.isArray(list) ? list.filter(isObject) : [schema];
}

function merged(parts: readonly JsonSchema[]): JsonSchema {
  return {
    type: 'object',
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: parts.flatMap(({ required }) => (Array.isArray(required) ? required : [])),
  };
}

/**
 * An intersection of objects and of unions of objects as one union of whole objects: easier to read, and each can be
 * held to its own keys, which the halves of an intersection cannot.
 */
export function distributed(
  schema: JsonSchema,
  components: Readonly<Record<string, JsonSchema>>,
): JsonSchema {
  const { allOf, ...rest } = schema;
  if (!Array.isArray(allOf)) return schema;
  const resolved = allOf.filter(isObject).map((part) => {
    const name = refName(part);
    return distributed(name === null ? part : (components[name] ?? part), components);
  });
  const whole = resolved.reduce<JsonSchema[][]>(
    (rows, part) => rows.flatMap((row) => options(part).map((option) => [...row, option])),
    [[]],
  );
  const [first, ...others] = whole.map(merged);
  if (first === undefined) return schema;
  return others.length === 0 ? { ...rest, ...first } : { ...rest, oneOf: [first, ...others] };
}

/** The same schema with unknown keys refused wherever an object tells its keys. Answers may grow, so only tests use it. */
export function closed(value: unknown): unknown {
  return rewrite(value, (schema) =>
    schema.type === 'object' && isObject(schema.properties) && schema.additionalProperties === undefined
      ? { ...schema, additionalProperties: false }
      : schema,
  );
}
