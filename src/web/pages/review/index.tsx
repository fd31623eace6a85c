import type { TaskPage } from '#contract/history.ts';
import { useResource } from '../../api/resource.ts';
import { DifficultyBadge, StatusBadge } from '../../ui/badges.tsx';
import { MODULE_NAMES } from '../../ui/names.ts';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ResourceView } from '../../ui/states.tsx';
import { RelativeTime } from '../../ui/time.tsx';

/** All tasks, newest first. */
export function ReviewPage() {
  const page = useResource<TaskPage>('/v1/study-tasks?limit=50');
  return (
    <Page title="Review" lead="Every task you were given, newest first.">
      <ResourceView resource={page} lines={8}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState title="No tasks yet">
              <p>
                <a href="/">Start practising</a>, and what you do is listed here.
              </p>
            </EmptyState>
          ) : (
            <ol class="rows">
              {data.map((task) => (
                <li key={task.id} class="row">
                  <span>{task.problem_id}</span>
                  <span class="muted">{MODULE_NAMES[task.module]}</span>
                  <StatusBadge task={task} />
                  <DifficultyBadge difficulty={task.difficulty} />
                  <RelativeTime iso={task.scheduled_at} />
                </li>
              ))}
            </ol>
          )
        }
      </ResourceView>
    </Page>
  );
}
