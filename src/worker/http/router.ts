import type { Params, Result, Router } from 'hono/router';
import { TrieRouter } from 'hono/router/trie-router';

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
const ID_LENGTH = 36;

/** Shapes that are remembered, several times those of the API; a stranger can ask for any number of paths. */
const KEPT = 300;

type Found<T> = [T, Record<string, number>][];

/** What Hono's trie found, with places instead of values; null where a parameter is no such id. */
function withoutId<T>(found: readonly [T, Params][], id: string): Found<T> | null {
  const known: Found<T> = [];
  for (const [handler, params] of found) {
    const [name, ...others] = Object.keys(params);
    if (name !== undefined && (others.length > 0 || params[name] !== id)) return null;
    known.push([handler, name === undefined ? {} : { [name]: 0 }]);
  }
  return known;
}

function remember<Kept>(known: Map<string, Kept>, shape: string, found: Kept): void {
  if (known.size >= KEPT) known.clear();
  known.set(shape, found);
}

/**
 * Hono's trie, searched once for each shape of path: everything in it but its id decides which handlers run. Its faster
 * router takes no path where a word stands in the place of a parameter, as `next` does in the place of a task's id.
 */
export class ShapeRouter<T> implements Router<T> {
  readonly name = 'ShapeRouter';
  readonly #trie = new TrieRouter<T>();
  readonly #plain = new Map<string, Result<T>>();
  readonly #withId = new Map<string, Found<T>>();

  add(method: string, path: string, handler: T): void {
    this.#plain.clear();
    this.#withId.clear();
    this.#trie.add(method, path, handler);
  }

  match(method: string, path: string): Result<T> {
    const at = path.search(ID);
    return at === -1 ? this.#matchPlain(method, path) : this.#matchWithId(method, path, at);
  }

  #matchPlain(method: string, path: string): Result<T> {
    const shape = `${method} ${path}`;
    const known = this.#plain.get(shape);
    if (known !== undefined) return known;
    const found = this.#trie.match(method, path);
    remember(this.#plain, shape, found);
    return found;
  }

  #matchWithId(method: string, path: string, at: number): Result<T> {
    const id = path.slice(at, at + ID_LENGTH);
    const shape = `${method} ${path.slice(0, at)}:${path.slice(at + ID_LENGTH)}`;
    const known = this.#withId.get(shape);
    if (known !== undefined) return [known, [id]];
    const found = this.#trie.match(method, path);
    const made = withoutId(found[0] as [T, Params][], id);
    if (made !== null) remember(this.#withId, shape, made);
    return found;
  }
}
