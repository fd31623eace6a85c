import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { getNextTask, getTask } from '#client/task-calls.ts';
import type { NextTask, StudyPath } from '#contract/paths.ts';
import { useNewestPath } from '../../api/newest-path.ts';
import { useResource } from '../../api/resource.ts';
import { lazyPart } from '../../kit/lazy.tsx';
import { readStored, writeStored } from '../../kit/storage.ts';
import { useStore } from '../../kit/store.ts';
import { session } from '../../session/session.ts';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ResourceView } from '../../ui/states.tsx';
import { Desk } from './desk.tsx';
import './practice.css';

const NothingLeft = lazyPart(() => import('./without-task.ts').then((parts) => parts.NothingLeft));
const StartPath = lazyPart(() => import('./without-task.ts').then((parts) => parts.StartPath));

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

/**
 * Whether the learner has a path. Until the server has said so it is what this browser remembers, so that the task can be
 * asked for at the same time; of somebody without a path no task is asked for, as browsers report a 404.
 */
function usePathKnown(path: StudyPath | null | undefined): boolean {
  const current = useStore(session);
  const learner = current.state === 'signed-in' ? current.learner : '';
  const key = `study-paths.path:${encodeURIComponent(learner)}:`;
  const [remembered] = useState(() => readStored('local', key) !== null);
  useEffect(() => {
    if (path !== undefined) writeStored('local', key, path === null ? null : 'yes');
  }, [key, path]);
  return path === undefined ? remembered : path !== null;
}

/** The task that is next, or the first step towards one. */
function NextUp() {
  const path = useNewestPath();
  const hasPath = usePathKnown(path.data);
  const next = useResource(hasPath ? getNextTask() : null);
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
                  <NothingLeft config={newest.config} />
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
  const detail = useResource(getTask(id));
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
