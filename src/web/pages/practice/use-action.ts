import { useRef, useState } from 'preact/hooks';
import { isStudyPathsError } from '#client/errors.ts';
import { toast } from '../../kit/announce.ts';

/** What to tell the learner of an error that has no better place. */
function messageOf(error: unknown): string {
  return isStudyPathsError(error) ? error.message : 'Something went wrong in this page.';
}

/** One action at a time, a second call does nothing; a failure is shown as a toast. */
export function useAction<Args extends unknown[]>(run: (...args: Args) => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const working = useRef(false);
  async function act(...args: Args) {
    if (working.current) return;
    working.current = true;
    setBusy(true);
    try {
      await run(...args);
    } catch (error) {
      toast(messageOf(error), 'bad');
    } finally {
      working.current = false;
      setBusy(false);
    }
  }
  return { busy, act: (...args: Args) => void act(...args) };
}
