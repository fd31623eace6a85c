/** `co`: the Curriculum Orchestrator, which chooses tasks in the learner's name. `mentor`: may hold grants of learners. */
export const SCOPES = ['co', 'mentor'] as const;
export type Scope = (typeof SCOPES)[number];
export type Scopes = ReadonlySet<Scope>;

/**
 * The scopes that a claim grants: names separated by spaces (RFC 8693, section 4.2), or an array of names, as some
 * issuers write it. Names are compared exactly (RFC 6749, section 3.3), unknown ones are for other services, and a claim
 * of another type grants nothing.
 */
export function scopesOf(claim: unknown): Scopes {
  const names: readonly unknown[] =
    typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return new Set(SCOPES.filter((scope) => names.includes(scope)));
}
