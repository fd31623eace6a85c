import { useState } from 'preact/hooks';
import { isStudyPathsError } from '#client/errors.ts';
import { createPath, listPaths } from '#client/path-calls.ts';
import type { StudyPath } from '#contract/paths.ts';
import { send } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { toast } from '../../kit/announce.ts';
import { randomId } from '../../kit/ids.ts';
import { formatInstant } from '../../time/dates.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ResourceView } from '../../ui/states.tsx';
import { RelativeTime } from '../../ui/time.tsx';

/** Begins a path. The one before keeps its history, and the new one its settings. */
export function NewPath({ path, onCreated }: { path: StudyPath; onCreated(): void }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  // One wish, one path: pressing again after a lost answer sends the same key.
  const [key, setKey] = useState(randomId);

  async function create() {
    setBusy(true);
    try {
      await send(createPath({ config: path.config }), { idempotencyKey: key });
      setKey(randomId());
      setAsking(false);
      toast('Your new path is ready.', 'good');
      onCreated();
    } catch (error) {
      if (!isStudyPathsError(error)) throw error;
      toast(error.message, 'bad');
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <Button onClick={() => setAsking(true)}>Start a new path</Button>
      <Dialog title="Start a new path?" open={asking} onClose={() => setAsking(false)}>
        <p>
          New tasks will come from the new path, with the settings of this one. What you did stays in your
          history, and reviews of what you solved go on.
        </p>
        <div class="actions">
          <Button look="primary" busy={busy} onClick={create}>
            Start it
          </Button>
          <Button look="quiet" onClick={() => setAsking(false)}>
            Keep this one
          </Button>
        </div>
      </Dialog>
    </>
  );
}

/** All paths, newest first. */
export function PathList() {
  const resource = useResource(listPaths({ limit: 50 }));
  return (
    <ResourceView resource={resource}>
      {({ data }) => (
        <ol class="rows" aria-label="Your paths">
          {data.map((path, index) => (
            <li class="row" key={path.id}>
              <strong>{index === 0 ? 'Current path' : 'Earlier path'}</strong>
              <span class="muted" title={formatInstant(path.created_at)}>
                Begun <RelativeTime iso={path.created_at} />
              </span>
              <a href={`/review?path_id=${path.id}`}>Its tasks</a>
              <a href={`/progress?path=${path.id}`}>Its progress</a>
            </li>
          ))}
        </ol>
      )}
    </ResourceView>
  );
}
