import { isObject, type JsonSchema, refName } from '../json-schema.ts';
import { escapeHtml, inline, table } from './html.ts';

const list = (value: unknown): JsonSchema[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Values of a closed set that still fit into a table's cell. */
const FEW = 6;

function literals(values: readonly unknown[]): string {
  return values.map((value) => `<code>${escapeHtml(JSON.stringify(value))}</code>`).join(' | ');
}

/** A link to a named schema. */
export function schemaLink(name: string): string {
  return `<a href="#schema-${name}">${name}</a>`;
}

/** The type of a value in a few words, with links. */
export function typeHtml(schema: JsonSchema): string {
  const name = refName(schema);
  if (name !== null) return schemaLink(name);
  if ('const' in schema) return literals([schema.const]);
  if (Array.isArray(schema.enum)) return literals(schema.enum);
  const options = list(schema.anyOf ?? schema.oneOf);
  if (options.length > 0) return [...new Set(options.map(typeHtml))].join(' | ');
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return types.map((type) => plainType(type, schema)).join(' | ');
}

function plainType(type: unknown, schema: JsonSchema): string {
  if (type === undefined) return 'any JSON value';
  if (type === 'array')
    return `list of ${isObject(schema.items) ? typeHtml(schema.items) : 'any JSON value'}`;
  if (type === 'object' && isObject(schema.additionalProperties)) {
    return `object of ${typeHtml(schema.additionalProperties)}`;
  }
  const format = schema.format === undefined || type === 'null' ? '' : ` (${schema.format})`;
  return escapeHtml(`${type}${format}`);
}

/** Bounds and default of a value, in words. */
function boundsOf(schema: JsonSchema): string {
  const { minimum, maximum, exclusiveMinimum, minLength, maxLength, minItems, maxItems } = schema;
  const range = (low: unknown, high: unknown, unit: string) => {
    if (low === undefined && high === undefined) return [];
    if (high === undefined) return [`at least ${low}${unit}`];
    return [low === undefined ? `at most ${high}${unit}` : `${low} to ${high}${unit}`];
  };
  const parts = [
    ...range(minimum, maximum, ''),
    ...(exclusiveMinimum === undefined ? [] : [`above ${exclusiveMinimum}`]),
    ...range(minLength, maxLength, ' characters'),
    ...range(minItems, maxItems, ' items'),
    ...(typeof schema.pattern === 'string' ? [`\`${schema.pattern}\``] : []),
    ...(schema.default === undefined ? [] : [`default \`${JSON.stringify(schema.default)}\``]),
  ];
  return parts.length === 0 ? '' : `<span class="bounds">${inline(parts.join(', '))}</span>`;
}

/** What a value is: its type, bounds and meaning, as two cells of a table. */
export function valueCells(schema: JsonSchema, description: unknown = schema.description): string[] {
  const text = typeof description === 'string' ? inline(description) : '';
  return [typeHtml(schema), [text, boundsOf(schema)].filter((part) => part !== '').join(' ')];
}

/** Rows for the keys of an object, those of objects in it after it with a dotted name. */
function keyRows(schema: JsonSchema, prefix = ''): string[][] {
  const { properties, required } = schema;
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([key, value]) => {
    if (!isObject(value)) return [];
    const always = Array.isArray(required) && required.includes(key);
    const name = `<code>${escapeHtml(prefix + key)}</code>${always ? '' : ' <span class="optional">optional</span>'}`;
    const inner = isObject(value.items) ? value.items : value;
    return [
      [name, ...valueCells(value)],
      ...keyRows(inner, `${prefix}${key}${inner === value ? '.' : '[].'}`),
    ];
  });
}

/** The keys of an object or, for a union, those of each of its members. */
function bodyOf(name: string, schema: JsonSchema): string {
  const options = list(schema.oneOf ?? schema.anyOf).filter((option) => isObject(option.properties));
  const heads = ['Key', 'Type', 'Meaning'];
  if (options.length > 0) {
    const tables = options.map((option) => {
      const { properties } = option;
      const tag = isObject(properties)
        ? Object.values(properties).find((value) => isObject(value) && 'const' in value)
        : undefined;
      const which = isObject(tag) ? String(tag.const) : 'one of them';
      return `<h4>${escapeHtml(which)}</h4>${table(`${name}: ${which}`, heads, keyRows(option))}`;
    });
    return tables.join('\n');
  }
  if (isObject(schema.properties)) return table(`Keys of ${name}`, heads, keyRows(schema));
  const values = Array.isArray(schema.enum) && schema.enum.length > FEW ? 'One of ' : '';
  return `<p>${values}${typeHtml(schema)}</p>`;
}

/** Everything about a named schema. */
export function schemaSection(name: string, schema: JsonSchema): string {
  const { description } = schema;
  const text = typeof description === 'string' ? `<p>${inline(description)}</p>` : '';
  return `<section class="schema" id="schema-${name}"><h3><a href="#schema-${name}">${name}</a></h3>${text}${bodyOf(name, schema)}</section>`;
}
