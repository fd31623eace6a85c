import { dismiss, liveText, toasts } from '../kit/announce.ts';
import { useStore } from '../kit/store.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';
import { check, info, triangleAlert, x } from './icons.ts';

const ICONS = { info, good: check, bad: triangleAlert } as const;

/** Short messages in a corner, and the place from which screen readers are told of changes. */
export function Toasts() {
  const shown = useStore(toasts);
  const text = useStore(liveText);
  return (
    <>
      <p class="hidden" role="status">
        {text}
      </p>
      <div class="toasts" role="status">
        {shown.map((entry) => (
          <div key={entry.id} class={`toast toast-${entry.tone}`}>
            <Icon of={ICONS[entry.tone]} size={18} />
            <p>{entry.text}</p>
            <IconButton icon={x} label="Dismiss" onClick={() => dismiss(entry.id)} />
          </div>
        ))}
      </div>
    </>
  );
}
