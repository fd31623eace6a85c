import { createPath } from '#client/path-calls.ts';
import { send } from '../../api/client.ts';
import { browserZone } from '../../time/dates.ts';
import { Button } from '../../ui/button.tsx';
import { sparkles } from '../../ui/icons.ts';
import { State } from '../../ui/states.tsx';
import { useAction } from './use-action.ts';

/** The first step of a new learner; days are counted in the zone of their browser. */
export function StartPath({ onStarted }: { onStarted(): void }) {
  const { busy, act } = useAction(async () => {
    await send(createPath({ config: { time_zone: browserZone() } }));
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
