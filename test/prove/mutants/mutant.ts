import type { Mutation } from '../kit/product.ts';

/** A planted bug: what is wrong, in words, and the change that makes it so. */
export type PlantedBug = { name: string; mutation: Mutation };

/** Several changes of statements as one bug. */
export function together(...changes: NonNullable<Mutation['sql']>[]): NonNullable<Mutation['sql']> {
  return (name, text) => changes.reduce((changed, change) => change(name, changed), text);
}

/**
 * Changes one statement's text. @throws Error when the text does not hold what is to be changed, as a planted bug that
 * changes nothing would be one that nobody can catch.
 */
export function inStatement(statement: string, from: RegExp, to: string): NonNullable<Mutation['sql']> {
  return (name, text) => {
    if (name !== statement) return text;
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`planted bug: ${statement} no longer holds ${from}`);
    return changed;
  };
}

/** A router that never hears which version a change was made on. */
export const withoutIfMatch: NonNullable<Mutation['fetch']> = (inner) => (request) => {
  const headers = new Headers(request.headers);
  headers.delete('if-match');
  return inner(new Request(request, { headers }));
};
