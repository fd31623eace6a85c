/**
 * The expression of a cron; null when this cron must not run. Cloudflare alone starts the crons of a deployed Worker. The
 * local runtime starts them for any request, also one that an image on a stranger's page makes; so there their name has
 * to begin with CRON_KEY and a space.
 */
export function cronExpression(cron: string, key: string | undefined): string | null {
  if (key === undefined) return cron;
  return cron.startsWith(`${key} `) ? cron.slice(key.length + 1) : null;
}
