import { useState } from 'preact/hooks';
import { listEvents } from '#client/task-calls.ts';
import type { TaskEvent } from '#contract/events.ts';
import { useResource } from '../../api/resource.ts';
import { difficultyShown } from '../../kit/preferences.ts';
import { useStore } from '../../kit/store.ts';
import { dateKey, formatInstant } from '../../time/dates.ts';
import { Button } from '../../ui/button.tsx';
import { ResourceView } from '../../ui/states.tsx';
import { actorName, sentenceOf, type Telling } from './sentences.ts';

function RawEvent({ event }: { event: TaskEvent }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="raw" onToggle={(toggled) => setOpen(toggled.currentTarget.open)}>
      <summary>
        Raw event<span class="hidden">{` ${event.seq}`}</span>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      {open && <pre tabIndex={0}>{JSON.stringify(event, null, 2)}</pre>}
    </details>
  );
}

type EventsProps = { id: string; cursor: string | undefined; zone: string; telling: Telling };

function Events({ id, cursor, zone, telling }: EventsProps) {
  const page = useResource(listEvents(id, { limit: 200, cursor }));
  const [more, setMore] = useState(false);
  return (
    <ResourceView resource={page} lines={6}>
      {({ data, next_cursor }) => (
        <>
          <ol class="log">
            {data.map((event) => (
              <li key={event.id}>
                <p>{sentenceOf(event, telling)}</p>
                <p class="small muted">
                  <time dateTime={event.occurred_at}>{formatInstant(event.occurred_at, zone)}</time>
                  {` · ${actorName(event.actor)}`}
                </p>
                <RawEvent event={event} />
              </li>
            ))}
          </ol>
          {next_cursor !== null &&
            (more ? (
              <Events id={id} cursor={next_cursor} zone={zone} telling={telling} />
            ) : (
              <Button onClick={() => setMore(true)}>Show what came after</Button>
            ))}
        </>
      )}
    </ResourceView>
  );
}

/** Everything that happened to the task, oldest first, as the append-only log has it. */
export function EventLog({ id, zone }: { id: string; zone: string }) {
  const difficulty = useStore(difficultyShown) === 'shown';
  const telling = { dayOf: (iso: string) => dateKey(iso, zone), difficulty };
  return <Events id={id} cursor={undefined} zone={zone} telling={telling} />;
}
