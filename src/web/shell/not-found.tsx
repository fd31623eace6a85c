import { Page } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';

export function NotFound() {
  return (
    <Page title="No such page">
      <EmptyState title="There is nothing at this address">
        <p>
          <a href="/">Go to your next task</a> or <a href="/review">look back at your tasks</a>.
        </p>
      </EmptyState>
    </Page>
  );
}
