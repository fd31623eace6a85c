import { formatInstant, formatRelative } from '../time/dates.ts';

/** How long ago or ahead something is; the exact time is in the tooltip and for machines. */
export function RelativeTime({ iso, zone, now = Date.now() }: { iso: string; zone?: string; now?: number }) {
  return (
    <time dateTime={iso} title={formatInstant(iso, zone)}>
      {formatRelative(iso, now)}
    </time>
  );
}
