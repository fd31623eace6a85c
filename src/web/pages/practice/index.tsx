import { useState } from 'preact/hooks';
import type { NextTask, PathCreated } from '#contract/paths.ts';
import { Aborted, api } from '../../api/client.ts';
import { useNewestPath } from '../../api/newest-path.ts';
import { ApiError } from '../../api/problem.ts';
import { useResource } from '../../api/resource.ts';
import { toast } from '../../kit/announce.ts';
import { BROWSER_ZONE } from '../../time/dates.ts';
import { DifficultyBadge, KindBadge, StatusBadge } from '../../ui/badges.tsx';
import { Button } from '../../ui/button.tsx';
import { play, sparkles } from '../../ui/icons.ts';
import { Markdown } from '../../ui/markdown.tsx';
import { MODULE_NAMES } from '../../ui/names.ts';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ResourceView, State } from '../../ui/states.tsx';

function messageOf(error: unknown): string {
  return error instanceof ApiError ? error.message : 'Something went wrong in this page.';
}

/** Runs one action at a time; a failure is shown as a toast. */
function useAction(run: () => Promise<void>) {
  const [busy, setBusy] = useState(false);
  async function act() {
    setBusy(true);
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Aborted)) toast(messageOf(error), 'bad');
    } finally {
      setBusy(false);
    }
  }
  return { busy, act: () => void act() };
}

function StartPath({ onStarted }: { onStarted(): void }) {
  const { busy, act } = useAction(async () => {
    await api.post<PathCreated>('/v1/study-paths', { config: { time_zone: BROWSER_ZONE } });
    onStarted();
  });
  return (
    <State icon={sparkles} title="Start your path">
      <p>You begin with a few short problems. What comes after them depends on how they go.</p>
      <Button look="primary" busy={busy} onClick={act}>
        Start your path
      </Button>
    </State>
  );
}

function Task({ next, onChanged }: { next: NextTask; onChanged(): void }) {
  const { task, problem } = next;
  const { busy, act } = useAction(async () => {
    await api.post(`/v1/study-tasks/${task.id}/start`);
    onChanged();
  });
  const { reason } = task.metadata;
  return (
    <article class="card stack">
      <header class="stack-tight">
        <p class="small muted">{MODULE_NAMES[task.module]}</p>
        <h2>{problem?.title ?? task.problem_id}</h2>
        <p class="badges">
          <StatusBadge task={task} />
          <DifficultyBadge difficulty={task.difficulty} />
          <KindBadge kind={task.kind} />
        </p>
        {typeof reason === 'string' && <p class="muted">{`Why this one: ${reason}`}</p>}
      </header>
      {problem === null ? (
        <p class="note note-warn">The problem itself cannot be loaded right now. Try again in a moment.</p>
      ) : (
        <Markdown text={problem.statement} />
      )}
      {task.status === 'scheduled' && (
        <p>
          <Button look="primary" icon={play} busy={busy} onClick={act}>
            Start
          </Button>
        </p>
      )}
    </article>
  );
}

function Next() {
  const next = useResource<NextTask | null>('/v1/study-tasks/next');
  return (
    <ResourceView resource={next} lines={6}>
      {(data) =>
        data === null ? (
          <EmptyState title="Nothing is left to do">
            <p>New tasks come as reviews fall due. Until then, look back at what you did.</p>
            <a class="button button-plain" href="/review">
              Look back
            </a>
          </EmptyState>
        ) : (
          <Task next={data} onChanged={next.reload} />
        )
      }
    </ResourceView>
  );
}

/** The task to do now, with the reason why it was chosen. */
export function PracticePage() {
  const path = useNewestPath();
  return (
    <Page title="Practice" lead="Your next task.">
      <ResourceView resource={path} lines={6}>
        {(newest) => (newest === null ? <StartPath onStarted={path.reload} /> : <Next />)}
      </ResourceView>
    </Page>
  );
}
