import { isObject, type JsonSchema, refName } from './json-schema.ts';

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** A comment of a declaration; what it says cannot end it early. */
function comment({ description }: JsonSchema, indent: string): string {
  return typeof description === 'string' ? `${indent}/** ${description.replaceAll('*/', '*\\/')} */\n` : '';
}

function literals(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(' | ');
}

function recordOf(schema: JsonSchema, indent: string): string {
  const { additionalProperties: values, propertyNames: names, required } = schema;
  const value = isObject(values) ? typeOf(values, indent) : 'Json';
  if (!isObject(names) || refName(names) === null) {
    const keys = isObject(names) && Array.isArray(names.enum) ? literals(names.enum) : null;
    if (keys === null) return `Record<string, ${value}>`;
    return Array.isArray(required) ? `Record<${keys}, ${value}>` : `Partial<Record<${keys}, ${value}>>`;
  }
  const record = `Record<${refName(names)}, ${value}>`;
  return Array.isArray(required) ? record : `Partial<${record}>`;
}

function objectOf(schema: JsonSchema, indent: string): string {
  const { properties, required } = schema;
  if (!isObject(properties)) return recordOf(schema, indent);
  const inner = `${indent}  `;
  const keys = Object.entries(properties).map(([key, value]) => {
    const type = isObject(value) ? typeOf(value, inner) : 'Json';
    const name = IDENTIFIER.test(key) ? key : JSON.stringify(key);
    const always = Array.isArray(required) && required.includes(key);
    const text = isObject(value) ? comment(value, inner) : '';
    return `${text}${inner}${name}${always ? '' : '?'}: ${type}${always ? '' : ' | undefined'};\n`;
  });
  return keys.length === 0 ? 'Record<string, never>' : `{\n${keys.join('')}${indent}}`;
}

function arrayOf(schema: JsonSchema, indent: string): string {
  const item = isObject(schema.items) ? typeOf(schema.items, indent) : 'Json';
  return /[|&{ ]/.test(item) ? `Array<${item}>` : `${item}[]`;
}

function plain(type: unknown, schema: JsonSchema, indent: string): string {
  switch (type) {
    case 'object':
      return objectOf(schema, indent);
    case 'array':
      return arrayOf(schema, indent);
    case 'integer':
      return 'number';
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return type;
    default:
      return 'Json';
  }
}

/** A schema of the API document as a TypeScript type. What the document leaves open is `Json`. */
export function typeOf(schema: JsonSchema, indent = ''): string {
  const name = refName(schema);
  if (name !== null) return name;
  const { type, anyOf, oneOf } = schema;
  if ('const' in schema) return literals([schema.const]);
  if (Array.isArray(schema.enum)) return literals(schema.enum);
  const options = anyOf ?? oneOf;
  if (Array.isArray(options)) {
    const types = options.filter(isObject).map((option) => typeOf(option, indent));
    return [...new Set(types)].join(' | ');
  }
  const types = (Array.isArray(type) ? type : [type]).map((one) => plain(one, schema, indent));
  return types.join(' | ');
}

/** Declaration of a type with its comment. */
export function declaration(name: string, schema: JsonSchema): string {
  return `${comment(schema, '')}export type ${name} = ${typeOf(schema)};\n`;
}
