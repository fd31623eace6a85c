import type { Version } from '../../editor/versions.ts';
import { formatInstant } from '../../time/dates.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { x } from '../../ui/icons.ts';
import { RelativeTime } from '../../ui/time.tsx';
import type { Drafts } from './use-drafts.ts';

const NAMES: Record<Version['from'], string> = {
  starter: 'The starter code',
  draft: 'Your draft on this device',
  submission: 'Your last submission',
  aside: 'What was here before',
  tab: 'Your draft in another tab',
};

/** A time, or nothing for starter code, which has none. */
function When({ at }: { at: number }) {
  if (at === 0) return null;
  return (
    <>
      {' ('}
      <RelativeTime iso={new Date(at).toISOString()} />)
    </>
  );
}

/** Says which text is shown when there are others, and offers those. */
export function Offers({ drafts, onTake }: { drafts: Drafts; onTake(version: Version): void }) {
  const { offered, opened } = drafts;
  if (offered.length === 0) return null;
  return (
    <div class="offers" role="status">
      {opened.from !== 'starter' && (
        <p class="small muted">
          {`You see ${NAMES[opened.from].replace(/^Y/, 'y').replace(/^W/, 'w')}`}
          <When at={opened.at} />.
        </p>
      )}
      {offered.map((version) => (
        <p key={`${version.from} ${version.at}`} class="offer small">
          <span title={version.at === 0 ? undefined : formatInstant(new Date(version.at).toISOString())}>
            {NAMES[version.from]}
            <When at={version.at} /> is different.
          </span>
          <Button look="quiet" onClick={() => onTake(version)}>
            Restore it
          </Button>
          <IconButton
            icon={x}
            label={`Leave out: ${NAMES[version.from]}`}
            onClick={() => drafts.decline(version)}
          />
        </p>
      ))}
    </div>
  );
}
