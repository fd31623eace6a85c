import { online } from '../kit/online.ts';
import { useStore } from '../kit/store.ts';
import { Icon } from '../ui/icon.tsx';
import { wifiOff } from '../ui/icons.ts';

/** Says that the network is gone, and that nothing is lost. */
export function OfflineNote() {
  const isOnline = useStore(online);
  return (
    <div role="status">
      {!isOnline && (
        <p class="offline-note">
          <Icon of={wifiOff} size={18} />
          <span>You are offline. What is on the page stays; the rest follows when you are back.</span>
        </p>
      )}
    </div>
  );
}
