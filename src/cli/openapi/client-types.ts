import { OPERATIONS } from '#contract/api/index.ts';
import type { Document } from './document.ts';
import { isObject, type JsonSchema } from './json-schema.ts';
import { declaration } from './type-script.ts';

const HEAD = `// Made from the API document by \`npm run build:client-types\`; not to be edited.

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
`;

/** Query parameters as one object; a client may name a repeatable filter once without a list. */
function queryType(id: string, parameters: readonly JsonSchema[]): string[] {
  const query = parameters.filter((parameter) => parameter.in === 'query');
  if (query.length === 0) return [];
  const properties = Object.fromEntries(
    query.map(({ name, schema, description }) => {
      const type = isObject(schema) ? schema : {};
      const once = type.type === 'array' && isObject(type.items) ? { anyOf: [type.items, type] } : type;
      return [String(name), { description, ...once }];
    }),
  );
  const required = query.filter((parameter) => parameter.required).map(({ name }) => name);
  const name = `${id.charAt(0).toUpperCase()}${id.slice(1)}Query`;
  return [declaration(name, { description: `Query of \`${id}\`.`, type: 'object', properties, required })];
}

/** Source of `src/client/types.ts`: plain types of everything that the API takes and answers. */
export function clientTypes(document: Document): string {
  const { schemas } = document.components;
  const named = Object.entries(isObject(schemas) ? schemas : {}).map(([name, schema]) =>
    declaration(name, isObject(schema) ? schema : {}),
  );
  const queries = OPERATIONS.flatMap(({ id, path, method }) => {
    const parameters = document.paths[path]?.[method]?.parameters;
    return queryType(id, Array.isArray(parameters) ? parameters.filter(isObject) : []);
  });
  return [HEAD, ...named, ...queries].join('\n');
}
