import { type Operation, problemsOf } from '#contract/api/operation.ts';
import { PROBLEMS } from '#contract/problem-details.ts';
import type { Document } from '../document.ts';
import { isObject, type JsonSchema } from '../json-schema.ts';
import { block, escapeHtml, folded, inline, table } from './html.ts';
import { typeHtml, valueCells } from './schema.ts';

const pretty = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

/** A text in single quotes of a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function resolved(document: Document, value: unknown): JsonSchema {
  if (!isObject(value)) return {};
  const { $ref } = value;
  if (typeof $ref !== 'string') return value;
  const found = $ref
    .slice(2)
    .split('/')
    .reduce<unknown>((part, key) => (isObject(part) ? part[key] : undefined), document);
  return isObject(found) ? found : {};
}

/** The request as a command to copy; `$api` and `$token` are set in the introduction. */
function curl({ method, path, open, body, query, params }: Operation): string {
  const example = '3f0f3b3a-8a52-4b6e-9d0b-6a3f5d8f2c11';
  const search = query !== undefined && 'format' in query.shape ? '?format=csv' : '';
  const address = `"$api${params === undefined ? path : path.replace('{id}', example)}${search}"`;
  const implied = body === undefined ? 'get' : 'post';
  const lines = [
    `curl${method === implied ? '' : ` -X ${method.toUpperCase()}`} ${address}`,
    ...(open === true ? [] : ['-H "authorization: Bearer $token"']),
    ...(method === 'post' && open !== true ? [`-H "idempotency-key: $(uuidgen)"`] : []),
    ...(body === undefined
      ? []
      : [`-H 'content-type: application/json'`, `-d ${quoted(JSON.stringify(body.example))}`]),
  ];
  return lines.join(' \\\n  ');
}

function parameterTable(document: Document, summary: string, parameters: unknown): string {
  const rows = (Array.isArray(parameters) ? parameters : []).map((entry) => {
    const { name, in: place, required, schema, description } = resolved(document, entry);
    const optional = required === true ? '' : ' <span class="optional">optional</span>';
    const cells = valueCells(isObject(schema) ? schema : {}, description);
    return [`<code>${escapeHtml(String(name))}</code>${optional}`, escapeHtml(String(place)), ...cells];
  });
  return rows.length === 0
    ? ''
    : table(`Parameters of “${summary}”`, ['Name', 'In', 'Type', 'Meaning'], rows);
}

function bodyHtml(label: string, content: unknown): string {
  if (!isObject(content)) return '';
  const parts = Object.entries(content).map(([media, value]) => {
    const { schema, example, 'x-events': events } = isObject(value) ? value : {};
    const type = isObject(events) ? events : schema;
    const shape = isObject(type) && media !== 'text/csv' ? ` ${typeHtml(type)}` : '';
    const shown = folded('Example', block(pretty(example) ?? '', `${label}, example`));
    return `<p><code>${escapeHtml(media)}</code>${shape}</p>${shown}`;
  });
  return parts.join('\n');
}

function answersHtml(document: Document, operation: Operation, responses: JsonSchema): string {
  return Object.entries(operation.answers)
    .map(([status, { description, content, headers = [] }]) => {
      const { content: documented } = resolved(document, responses[status]);
      const media = isObject(documented)
        ? Object.fromEntries(Object.entries(documented).filter(([name]) => name in (content ?? {})))
        : undefined;
      const names = headers.map((name) => `<code>${name}</code>`).join(', ');
      const extra = names === '' ? '' : ` <span class="bounds">Headers: ${names}</span>`;
      return `<h5><span class="status">${status}</span> ${inline(description)}${extra}</h5>${bodyHtml(`Answer ${status}`, media)}`;
    })
    .join('\n');
}

function problemList(operation: Operation): string {
  const items = problemsOf(operation).map(
    (code) =>
      `<li><a href="#problem-${code}">${code}</a> <span class="status">${PROBLEMS[code].status}</span></li>`,
  );
  return folded(`Errors (${items.length})`, `<ul class="codes">${items.join('')}</ul>`);
}

/** Everything about an operation. */
export function operationSection(document: Document, operation: Operation): string {
  const { id, method, path, summary, description, body } = operation;
  const { parameters, requestBody, responses } = document.paths[path]?.[method] ?? {};
  const address = escapeHtml(path).replaceAll(/\{[a-z_]+\}/g, '<var>$&</var>');
  const { content } = isObject(requestBody) ? requestBody : {};
  const takes =
    body === undefined
      ? ''
      : `<h4>Body${body.required ? '' : ' (optional)'}</h4>${bodyHtml('Body', content)}`;
  return `<section class="operation" id="${id}">
<h3><a href="#${id}">${escapeHtml(summary)}</a></h3>
<p class="address"><span class="method ${method}">${method.toUpperCase()}</span> <code>${address}</code></p>
<p>${inline(description)}</p>
${block(curl(operation), `${summary}, as a command`)}
${parameterTable(document, summary, parameters)}
${takes}
<h4>Answers</h4>
${answersHtml(document, operation, isObject(responses) ? responses : {})}
${problemList(operation)}
</section>`;
}
