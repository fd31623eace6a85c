import type { TaskDetail } from '#contract/history.ts';
import { Button } from '../../ui/button.tsx';
import { Markdown } from '../../ui/markdown.tsx';

type StatementProps = { detail: TaskDetail; onRetry(): void };

/** What the problem asks for; the problem bank may be out of reach while everything else is there. */
export function Statement({ detail: { problem, task }, onRetry }: StatementProps) {
  if (problem === null) {
    return (
      <div class="note note-warn" role="status">
        <span>{`The statement of ${task.problem_id} cannot be had right now.`}</span>
        <Button look="quiet" onClick={onRetry}>
          Try again
        </Button>
      </div>
    );
  }
  const { metadata } = task;
  return (
    <div class="stack">
      {typeof metadata.reason === 'string' && (
        <p class="small muted">{`Why you were given it: ${metadata.reason}`}</p>
      )}
      <Markdown text={problem.statement} />
      {problem.attribution !== null && <p class="small muted">{problem.attribution}</p>}
    </div>
  );
}
