import { OPERATIONS } from '#contract/api/index.ts';
import { TAGS } from '#contract/api/operation.ts';
import { PROBLEM_GUIDE } from '#contract/api/problem-guide.ts';
import { PROBLEMS, type ProblemCode } from '#contract/problem-details.ts';
import type { Document } from '../document.ts';
import { isObject } from '../json-schema.ts';
import { problemExample } from '../responses.ts';
import { block, escapeHtml, inline, table } from './html.ts';
import { operationSection } from './operation.ts';
import { schemaSection } from './schema.ts';

const SETUP = `api=http://127.0.0.1:8787
token=$(npm run --silent token -- alice)`;

const CHAPTERS = Object.entries(TAGS)
  .map(([tag, about]) => ({
    tag,
    about,
    operations: OPERATIONS.filter((operation) => operation.tag === tag),
  }))
  .filter(({ operations }) => operations.length > 0);

const title = (tag: string) => `${tag.charAt(0).toUpperCase()}${tag.slice(1)}`;

function menu(): string {
  const chapters = CHAPTERS.map(({ tag, operations }) => {
    const items = operations.map(({ id, summary }) => `<li><a href="#${id}">${escapeHtml(summary)}</a></li>`);
    return `<li><a href="#tag-${tag}">${title(tag)}</a><ul>${items.join('')}</ul></li>`;
  });
  return `<nav aria-label="Contents"><ul>
<li><a href="#introduction">Introduction</a></li>${chapters.join('\n')}
<li><a href="#problems">Errors</a></li><li><a href="#schemas">Schemas</a></li></ul></nav>`;
}

function problemTable(): string {
  const rows = (Object.keys(PROBLEMS) as ProblemCode[]).map((code) => [
    `<a id="problem-${code}" href="#problem-${code}">${code}</a>`,
    `<span class="status">${PROBLEMS[code].status}</span>`,
    inline(PROBLEM_GUIDE[code].meaning),
    inline(PROBLEM_GUIDE[code].action),
  ]);
  return table('Codes of errors', ['Code', 'Status', 'Meaning', 'What to do'], rows);
}

function introduction(document: Document): string {
  const { description } = isObject(document.info) ? document.info : {};
  const [lead = '', ...rest] = String(description).split('\n\n');
  const rules = rest.flatMap((paragraph) => paragraph.split(/(?<=\.) (?=[A-Z])/));
  return `<section id="introduction"><h2>Introduction</h2><p class="lead">${inline(lead)}</p>
<ul>${rules.map((rule) => `<li>${inline(rule)}</li>`).join('\n')}</ul>
<p>The commands on this page run against <code>npm run dev</code> once these are set:</p>${block(SETUP, 'Setup')}</section>`;
}

/** The reference page: one document without a script, made of the API document. */
export function docsPage(document: Document): string {
  const { version } = isObject(document.info) ? document.info : {};
  const { schemas } = document.components;
  const chapters = CHAPTERS.map(
    ({ tag, about, operations }) => `<section id="tag-${tag}"><h2>${title(tag)}</h2><p>${inline(about)}</p>
${operations.map((operation) => operationSection(document, operation)).join('\n')}</section>`,
  );
  const named = Object.entries(isObject(schemas) ? schemas : {}).map(([name, schema]) =>
    isObject(schema) ? schemaSection(name, schema) : '',
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="Every operation, error and schema of the Study Paths API">
<title>Study Paths API</title>
<link rel="stylesheet" href="/docs.css">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><h1>Study Paths API <small>${escapeHtml(String(version))}</small></h1>
<p><a href="/">App</a> <a href="/openapi.json">OpenAPI 3.1</a></p></header>
<div class="page">${menu()}
<main id="main" tabindex="-1">
${introduction(document)}
${chapters.join('\n')}
<section id="problems"><h2>Errors</h2>
<p>Every error is a problem document (RFC 9457), such as this. Its <code>code</code> is stable; its <code>detail</code> is for people.</p>
${block(JSON.stringify(problemExample('validation'), null, 2), 'An error')}
${problemTable()}</section>
<section id="schemas"><h2>Schemas</h2>${named.join('\n')}</section>
</main></div>
</body>
</html>
`;
}
