import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { TaskDetail } from '#contract/history.ts';
import type { NextTask, StudyPath } from '#contract/paths.ts';
import { useNewestPath } from '../../api/newest-path.ts';
import { useResource } from '../../api/resource.ts';
import { lazyPart } from '../../kit/lazy.tsx';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ResourceView } from '../../ui/states.tsx';
import { Desk } from './desk.tsx';
import './practice.css';

const NothingLeft = lazyPart(() => import('./nothing-left.tsx').then((part) => part.NothingLeft));
const StartPath = lazyPart(() => import('./start-path.tsx').then((part) => part.StartPath));

const TASK_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Shown = Pick<NextTask, 'task' | 'problem'>;

function titleOf(shown: Shown | null | undefined): string {
  return shown == null ? 'Practice' : (shown.problem?.title ?? shown.task.problem_id);
}

/** Puts the focus on the heading when another task takes the place of the one before. */
function useHeadingFocus(taskId: string | undefined) {
  const before = useRef(taskId);
  useEffect(() => {
    if (before.current !== undefined && taskId !== before.current) {
      document.querySelector<HTMLElement>('#main h1')?.focus();
      window.scrollTo({ top: 0 });
    }
    before.current = taskId;
  }, [taskId]);
}

/** The task that is next, or the first step towards one. */
function NextUp() {
  const path = useNewestPath();
  const next = useResource<NextTask | null>(path.data ? '/v1/study-tasks/next' : null);
  useHeadingFocus(next.data?.task.id);
  return (
    <Page title={titleOf(next.data)} wide>
      <ResourceView resource={path} lines={6}>
        {(newest) =>
          newest === null ? (
            <StartPath onStarted={path.reload} />
          ) : (
            <ResourceView resource={next} lines={6}>
              {(data) =>
                data === null ? (
                  <NothingLeft zone={newest.config.time_zone} />
                ) : (
                  <Desk
                    key={data.task.id}
                    {...data}
                    path={newest}
                    nextBusy={next.loading}
                    onNext={next.reload}
                    onReload={next.reload}
                  />
                )
              }
            </ResourceView>
          )
        }
      </ResourceView>
    </Page>
  );
}

/** The task that the address names. */
function Named({ id, onNext }: { id: string; onNext(): void }) {
  const path = useNewestPath();
  const detail = useResource<TaskDetail>(`/v1/study-tasks/${id}`);
  return (
    <Page title={titleOf(detail.data)} wide>
      {detail.error?.code === 'not-found' ? (
        <Unknown />
      ) : (
        <ResourceView resource={detail} lines={6}>
          {({ task, problem }) => (
            <Desk
              key={task.id}
              task={task}
              problem={problem}
              path={path.data ?? (null as StudyPath | null)}
              nextBusy={false}
              onNext={onNext}
              onReload={detail.reload}
            />
          )}
        </ResourceView>
      )}
    </Page>
  );
}

function Unknown() {
  return (
    <EmptyState title="There is no such task">
      <p>The link may be incomplete, or the task belongs to another account.</p>
      <a class="button button-plain" href="/">
        To your next task
      </a>
    </EmptyState>
  );
}

/** Practising: the next task, or with `?task=<id>` a given one. */
export function PracticePage() {
  const { query, route } = useLocation();
  const { task } = query;
  if (task === undefined) return <NextUp />;
  if (TASK_ID.test(task)) return <Named key={task} id={task} onNext={() => route('/')} />;
  return (
    <Page title="Practice">
      <Unknown />
    </Page>
  );
}
