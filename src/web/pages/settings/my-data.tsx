import { useState } from 'preact/hooks';
import { isStudyPathsError } from '#client/errors.ts';
import { exportEverything } from '#client/export-calls.ts';
import { eraseLearner } from '#client/privacy-calls.ts';
import type { Confirmation } from '#contract/privacy.ts';
import { send } from '../../api/client.ts';
import { toast } from '../../kit/announce.ts';
import { saveAs } from '../../kit/download.ts';
import { signOut } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { download } from '../../ui/icons.ts';

/** Milliseconds: there may be years of work to remove. */
const ERASURE_MS = 60_000;

/** Asks what an erasure would remove: the first answer is always the refusal with its token. */
async function askToErase(): Promise<Confirmation | null> {
  try {
    await send(eraseLearner(), { timeoutMs: ERASURE_MS });
    return null;
  } catch (error) {
    if (isStudyPathsError(error) && error.code === 'confirmation-required') {
      return error.problem.confirmation;
    }
    throw error;
  }
}

/** Everything that is held about the learner: to take along, and to erase. */
export function MyData() {
  const [busy, setBusy] = useState<'export' | 'ask' | 'erase' | null>(null);
  const [confirmation, setConfirmation] = useState<Confirmation | null>(null);

  async function during(step: 'export' | 'ask' | 'erase', work: () => Promise<void>) {
    if (busy !== null) return;
    setBusy(step);
    try {
      await work();
    } catch (error) {
      if (!isStudyPathsError(error)) throw error;
      toast(error.message, 'bad');
    } finally {
      setBusy(null);
    }
  }

  const take = () =>
    during('export', async () => {
      const response = await send(exportEverything());
      saveAs(await response.blob(), 'study-paths.json');
    });
  const ask = () => during('ask', async () => setConfirmation(await askToErase()));
  const erase = (token: string) =>
    during('erase', async () => {
      await send(eraseLearner(token), { timeoutMs: ERASURE_MS });
      setConfirmation(null);
      toast('Everything about you has been erased.', 'good');
      signOut();
    });

  return (
    <section class="card stack" aria-labelledby="my-data">
      <h2 id="my-data">Your data</h2>
      <p>
        Tasks, submissions with your code, hints and reviews belong to you. The file holds all of it as JSON
        and can be restored.
      </p>
      <div class="actions">
        <Button icon={download} busy={busy === 'export'} onClick={take}>
          Download my data
        </Button>
        <Button look="danger" busy={busy === 'ask'} onClick={ask}>
          Erase my data
        </Button>
      </div>
      <Dialog title="Erase everything?" open={confirmation !== null} onClose={() => setConfirmation(null)}>
        {confirmation !== null && (
          <>
            <p>
              {`This removes ${confirmation.removes.study_paths} paths, ${confirmation.removes.study_tasks} tasks, ${confirmation.removes.task_evaluations} evaluations and ${confirmation.removes.task_events} events, for good. Nobody can bring them back.`}
            </p>
            <div class="actions">
              <Button look="danger" busy={busy === 'erase'} onClick={() => erase(confirmation.token)}>
                Erase it all
              </Button>
              <Button look="quiet" onClick={() => setConfirmation(null)}>
                Keep my data
              </Button>
            </div>
          </>
        )}
      </Dialog>
    </section>
  );
}
