import { type Store, useStore } from '../../kit/store.ts';
import { Icon } from '../../ui/icon.tsx';
import { check, triangleAlert } from '../../ui/icons.ts';

/** Whether what is written is safe on this device. */
export function DraftState({ kept }: { kept: Store<boolean | null> }) {
  const state = useStore(kept);
  return (
    <p class="draft-state small muted" role="status">
      {state === true && (
        <>
          <Icon of={check} size={16} />
          <span class="draft-kept">Draft kept</span>
        </>
      )}
      {state === false && (
        <>
          <Icon of={triangleAlert} size={16} />
          <span>This device does not keep your draft: its storage is full or switched off.</span>
        </>
      )}
    </p>
  );
}
