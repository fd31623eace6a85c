import { useState } from 'preact/hooks';
import { listHints } from '#client/hint-calls.ts';
import type { GivenHint } from '#contract/history.ts';
import { useResource } from '../../api/resource.ts';
import { formatInstant } from '../../time/dates.ts';
import { Button } from '../../ui/button.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { EmptyState, ResourceView } from '../../ui/states.tsx';

const ENDS: Record<NonNullable<GivenHint['outcome']>, string | null> = {
  complete: null,
  aborted: 'It was stopped before its end.',
  timeout: 'The tutor ran out of time.',
  failed: 'The tutor broke off.',
};

function Hint({ hint, zone }: { hint: GivenHint; zone: string }) {
  const end =
    hint.outcome === null
      ? 'Its text is not there: it is still being given, or was not kept.'
      : ENDS[hint.outcome];
  return (
    <li class="stack-tight">
      <h3>{`Hint at level ${hint.level}`}</h3>
      <p class="small muted">
        <time dateTime={hint.at}>{formatInstant(hint.at, zone)}</time>
      </p>
      {hint.question !== null && <blockquote class="question">{hint.question}</blockquote>}
      {hint.text !== null && hint.text !== '' && <Markdown text={hint.text} />}
      {end !== null && <p class="small muted">{end}</p>}
    </li>
  );
}

function HintPages({ id, cursor, zone }: { id: string; cursor: string | undefined; zone: string }) {
  const page = useResource(listHints(id, { cursor }));
  const [more, setMore] = useState(false);
  return (
    <ResourceView resource={page} lines={5}>
      {({ data, next_cursor }) =>
        data.length === 0 ? (
          <EmptyState title="No hints">
            <p>You did this without the tutor.</p>
          </EmptyState>
        ) : (
          <>
            <ol class="log">
              {data.map((hint) => (
                <Hint key={hint.hint_id} hint={hint} zone={zone} />
              ))}
            </ol>
            {next_cursor !== null &&
              (more ? (
                <HintPages id={id} cursor={next_cursor} zone={zone} />
              ) : (
                <Button onClick={() => setMore(true)}>Show the hints after these</Button>
              ))}
          </>
        )
      }
    </ResourceView>
  );
}

/** What was asked of the tutor and what it said, first hint first. */
export function HintList({ id, zone }: { id: string; zone: string }) {
  return <HintPages id={id} cursor={undefined} zone={zone} />;
}
