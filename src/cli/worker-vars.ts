import { Config, parseEnv } from '#worker/env.ts';

/** The stack says where the database is. DATABASE_URL of the environment means PostgreSQL itself, not what the Worker gets. */
const OWN = new Set(['DATABASE_URL', 'NEON_FETCH_ENDPOINT']);

/**
 * The Worker's variables that an environment sets, for a Worker next to the local services.
 * @throws Error that names each one that the Worker would refuse, and why.
 */
export function workerVarsFrom(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.fromEntries(
    Object.keys(Config.shape).flatMap((name) => {
      const value = env[name];
      return OWN.has(name) || value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const parsed = parseEnv(given);
  // Most variables are missing here: the stack adds them.
  const wrong = parsed.ok ? [] : parsed.problems.filter(({ name }) => name in given);
  if (wrong.length > 0) throw new Error(wrong.map(({ name, message }) => `${name}: ${message}`).join('\n'));
  return given;
}
