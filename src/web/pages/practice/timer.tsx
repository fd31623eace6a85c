import { useStore } from '../../kit/store.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { pause, play, timer } from '../../ui/icons.ts';
import { clockText } from './clock-text.ts';
import type { Stopwatch } from './stopwatch.ts';

/** The clock of a task in progress, with its pause button. */
export function Timer({ watch, expectedMinutes }: { watch: Stopwatch; expectedMinutes: number | null }) {
  const seconds = useStore(watch.seconds);
  const paused = useStore(watch.paused);
  return (
    <div class={paused ? 'timer timer-paused' : 'timer'}>
      <Icon of={timer} size={18} />
      {/* Not a live region: a clock that is read out every second is a nuisance. */}
      <span class="hidden">Time on this task: </span>
      <span class="timer-text">{clockText(seconds)}</span>
      {expectedMinutes !== null && <span class="small muted">{`of about ${expectedMinutes} min`}</span>}
      <IconButton
        icon={paused ? play : pause}
        label={paused ? 'Go on with the clock' : 'Pause the clock'}
        onClick={() => watch.paused.set(!paused)}
      />
    </div>
  );
}
