import { readFile } from 'node:fs/promises';

/**
 * What a declaration of the contract says of itself and of its keys. `bases` are the names that its value mentions:
 * what a key does not say itself, the same key of a base may.
 */
export type Docs = { text: string; keys: Map<string, Docs>; bases: string[] };

/** Where the design is cited; a reader of the API does not have it. */
const CITATION = / ?\((?:decisions|system design), section[^)]*\)/g;

const TOKEN =
  /\/\*\*(?<doc>[\s\S]*?)\*\/|\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<literal>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\/[a-z]*)|(?<word>[A-Za-z_$][\w$]*)|(?<mark>[^\s\w])/g;

function clean(doc: string): string {
  const lines = doc.split('\n').map((line) => line.replace(/^\s*\* ?/, '').trim());
  const tags = lines.findIndex((line) => line.startsWith('@'));
  return (tags < 0 ? lines : lines.slice(0, tags))
    .join(' ')
    .replaceAll(CITATION, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function node(text: string): Docs {
  return { text, keys: new Map(), bases: [] };
}

type Token = { kind: 'doc' | 'word' | 'mark' | 'literal'; text: string };

function tokensOf(source: string): Token[] {
  return [...source.matchAll(TOKEN)].flatMap(({ groups = {} }): Token[] => {
    if (groups.doc !== undefined) return [{ kind: 'doc', text: clean(groups.doc) }];
    if (groups.literal !== undefined) return [{ kind: 'literal', text: groups.literal }];
    if (groups.word !== undefined) return [{ kind: 'word', text: groups.word }];
    return groups.mark === undefined ? [] : [{ kind: 'mark', text: groups.mark }];
  });
}

/**
 * Reads the docstrings of all `const` declarations of a module and of the keys in their object literals, however deep.
 * A reader of tokens is enough, as the contract is declarations only.
 */
function docsOf(source: string): Map<string, Docs> {
  const found = new Map<string, Docs>();
  const tokens = tokensOf(source);
  /** Declarations and keys that are open, each with the depth of brackets that it stands in. */
  const open: { docs: Docs; depth: number }[] = [];
  let depth = 0;
  let doc = '';
  for (const [at, { kind, text }] of tokens.entries()) {
    const next = tokens[at + 1]?.text;
    const before = tokens[at - 1]?.text;
    if (kind === 'doc') {
      doc = text;
    } else if (kind === 'word' && before === 'const' && depth === 0) {
      const docs = node(doc);
      found.set(text, docs);
      open.splice(0, open.length, { docs, depth });
      doc = '';
    } else if (kind === 'word' && depth === 0 && (text === 'type' || text === 'function')) {
      open.length = 0;
      doc = '';
    } else if (
      kind === 'word' &&
      next === ':' &&
      (before === '{' || before === ',' || tokens[at - 1]?.kind === 'doc')
    ) {
      while ((open.at(-1)?.depth ?? -1) >= depth) open.pop();
      const docs = node(doc);
      open.at(-1)?.docs.keys.set(text, docs);
      open.push({ docs, depth });
      doc = '';
    } else if (kind === 'word') {
      if (before !== '.' || tokens[at - 2]?.text === '.') open.at(-1)?.docs.bases.push(text);
    } else if (kind === 'mark') {
      if ('({['.includes(text)) depth += 1;
      if (')}]'.includes(text)) depth -= 1;
      // A key ends with its comma or with the bracket around it; what follows belongs to what is around it.
      if (',)}]'.includes(text))
        while (open.length > 1 && (open.at(-1)?.depth ?? 0) >= depth + (text === ',' ? 0 : 1)) open.pop();
      if (text === ';' && depth === 0) doc = '';
    }
  }
  return found;
}

/** Docstrings of all modules, by the names of their declarations. */
export async function readDocstrings(files: readonly string[]): Promise<Map<string, Docs>> {
  const modules = await Promise.all(files.map(async (file) => docsOf(await readFile(file, 'utf8'))));
  return new Map(modules.flatMap((module) => [...module]));
}

/** The docs of a key, its own or those of the first base that has some. */
export function keyDocs(
  all: ReadonlyMap<string, Docs>,
  docs: Docs,
  key: string,
  seen = new Set<Docs>(),
): Docs | undefined {
  if (seen.has(docs)) return undefined;
  seen.add(docs);
  const own = docs.keys.get(key);
  if (own !== undefined && (own.text !== '' || own.keys.size > 0)) return own;
  for (const base of docs.bases) {
    const inherited = all.get(base);
    const found = inherited === undefined ? undefined : keyDocs(all, inherited, key, seen);
    if (found !== undefined && found.text !== '') return found;
  }
  return own;
}
