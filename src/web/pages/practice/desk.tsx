import { useEffect, useRef, useState } from 'preact/hooks';
import { changeTask, getTask, startTask } from '#client/task-calls.ts';
import type { PatchTask } from '#client/types.ts';
import type { StudyPath } from '#contract/paths.ts';
import type { Problem } from '#contract/problem-bank.ts';
import type { Task } from '#contract/tasks.ts';
import { send } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { toast } from '../../kit/announce.ts';
import { lazyDialog, lazyPart } from '../../kit/lazy.tsx';
import { useStore } from '../../kit/store.ts';
import { session } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { arrowRight, check } from '../../ui/icons.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ProblemCard } from './problem-card.tsx';
import { useStopwatch } from './stopwatch.ts';
import { TaskHead } from './task-head.tsx';
import { useAction } from './use-action.ts';
import type { Drafts } from './use-drafts.ts';
import { useJudging } from './use-judging.ts';
import { type CurrentCode, Workspace } from './workspace.tsx';

// The statement and the editor show first; these are fetched while they are read.
const HintPanel = lazyPart(() => import('./hint-panel.tsx').then((part) => part.HintPanel));
const Results = lazyPart(() => import('./afterwards.ts').then((parts) => parts.Results));
const SkipDialog = lazyDialog(() => import('./afterwards.ts').then((parts) => parts.SkipDialog));
const Summary = lazyPart(() => import('./afterwards.ts').then((parts) => parts.Summary));

/** The task as this page knows it; an older answer that comes late changes nothing. */
function useTask(first: Task) {
  const [task, setTask] = useState(first);
  return [task, (next: Task) => setTask((last) => (next.version >= last.version ? next : last))] as const;
}

export type DeskProps = {
  task: Task;
  problem: Problem | null;
  /** The learner's newest path; its config holds for the tasks of it. */
  path: StudyPath | null;
  nextBusy: boolean;
  onNext(): void;
  onReload(): void;
};

/** One task with all that is done to it. */
export function Desk({ task: first, problem, path, nextBusy, onNext, onReload }: DeskProps) {
  const learner = useLearner();
  const [task, setTask] = useTask(first);
  const hasPast = task.attempts > 0;
  const detail = useResource(hasPast ? getTask(task.id) : null);
  const [hadPast] = useState(hasPast);
  const known = !hadPast || detail.data !== undefined || detail.error !== null;
  const watch = useStopwatch(learner, task);
  const drafts = useRef<Drafts | null>(null);
  const current = useRef<CurrentCode | null>(null);
  const results = useRef<HTMLDivElement>(null);
  const [skipping, setSkipping] = useState(false);
  // Stays once it was opened: closing it gives the focus back.
  const [asked, setAsked] = useState(false);

  async function start() {
    if (task.status === 'scheduled') setTask((await send(startTask(task.id))).task);
  }
  const change = async (body: PatchTask) => setTask((await send(changeTask(task.id, body))).task);
  const starting = useAction(start);
  const skip = useAction(async (reason: string | null) => {
    const body: PatchTask = {
      status: 'skipped',
      ...(reason === null ? {} : { reason }),
      ...(task.status === 'in_progress' ? { time_spent_seconds: Math.floor(watch.seconds.get()) } : {}),
    };
    await send(changeTask(task.id, body));
    setSkipping(false);
    toast('Skipped. It stays in your history.');
    onNext();
  });
  const complete = useAction(async () => {
    await start();
    await change({ status: 'completed' });
  });

  const setAside = useAction(async () => {
    await change({ status: 'completed', time_spent_seconds: Math.floor(watch.seconds.get()) });
    if (hasPast) detail.reload();
    toast('Set aside without solving it. It may come back when nothing new is left.');
  });

  const judging = useJudging({
    learner,
    task,
    newest: hadPast ? detail.data?.evaluations[0] : undefined,
    seconds: () => watch.seconds.get(),
    ensureStarted: start,
    onTask(changed) {
      setTask(changed);
      if (hasPast) detail.reload();
    },
    onSubmitted: (evaluation) => drafts.current?.submitted(evaluation.submission_id),
  });
  const { judged, fresh } = judging;
  useEffect(() => {
    if (fresh) results.current?.firstElementChild?.scrollIntoView({ block: 'nearest' });
  }, [judged, fresh]);
  useEffect(() => {
    Results.preload();
    Summary.preload();
    SkipDialog.preload();
  }, []);

  const closed = task.status === 'skipped' || task.status === 'expired';
  const events = detail.data?.events ?? [];
  const ofPath = path?.id === task.path_id ? path.config : undefined;
  return (
    <div class="stack">
      <TaskHead
        config={path?.config}
        task={task}
        problem={problem}
        watch={watch}
        starting={starting.busy}
        onStart={() => starting.act()}
        onSkip={() => {
          setAsked(true);
          setSkipping(true);
        }}
        settingAside={setAside.busy}
        onSetAside={() => setAside.act()}
      />
      {closed && (
        <div class="note">
          <div>
            <p>{`This task was ${task.status === 'skipped' ? 'skipped' : 'not done in time'}. It takes no code any more.`}</p>
            {typeof task.metadata.skip_reason === 'string' && (
              <p class="small skip-reason">{`Why: ${task.metadata.skip_reason}`}</p>
            )}
          </div>
          <Button icon={arrowRight} busy={nextBusy} onClick={onNext}>
            To the next task
          </Button>
        </div>
      )}
      {problem === null && (
        <p class="note note-warn" role="alert">
          <span>The problem itself cannot be loaded right now.</span>
          <Button look="quiet" onClick={onReload}>
            Try again
          </Button>
        </p>
      )}
      <div class={task.kind === 'lesson' ? 'desk desk-lesson' : 'desk'}>
        <div class="desk-problem">{problem !== null && <ProblemCard problem={problem} />}</div>
        {problem !== null && task.kind !== 'lesson' && !closed && (
          <div class="desk-work">
            {known ? (
              <Workspace
                learner={learner}
                taskId={task.id}
                problem={problem}
                evaluations={detail.data?.evaluations ?? []}
                judging={judging}
                current={current}
                drafts={drafts}
              />
            ) : (
              <div class="card">
                <Skeleton lines={8} label="Loading your last submission" />
              </div>
            )}
            <div ref={results} class="stack">
              {task.status === 'completed' && (
                <Summary
                  task={task}
                  events={events}
                  onGraded={(changed) => {
                    setTask(changed);
                    detail.reload();
                  }}
                  config={path?.config}
                  nextBusy={nextBusy}
                  onNext={onNext}
                />
              )}
              {judged !== null && <Results judging={judging} problem={problem} />}
            </div>
          </div>
        )}
        {task.kind === 'lesson' && !closed && (
          <div class="desk-work">
            {task.status === 'completed' ? (
              <Summary task={task} events={[]} config={path?.config} nextBusy={nextBusy} onNext={onNext} />
            ) : (
              <Button look="primary" icon={check} busy={complete.busy} onClick={() => complete.act()}>
                I have read this lesson
              </Button>
            )}
          </div>
        )}
        {problem !== null && !closed && (
          <div class="desk-hints">
            <HintPanel
              task={task}
              problem={problem}
              quota={ofPath?.hints_per_task}
              current={current}
              ensureStarted={start}
            />
          </div>
        )}
      </div>
      {asked && (
        <SkipDialog
          open={skipping}
          busy={skip.busy}
          onClose={() => setSkipping(false)}
          onSkip={(reason) => skip.act(reason)}
        />
      )}
    </div>
  );
}

function useLearner(): string {
  const current = useStore(session);
  return current.state === 'signed-in' ? current.learner : '';
}
