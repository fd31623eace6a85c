import { singleKeys } from '../kit/preferences.ts';
import { shortcutGroups } from '../kit/shortcuts.ts';
import { useStore } from '../kit/store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Switch } from '../ui/field.tsx';

/** Everything that the keyboard can do on the page at hand. */
export function HelpDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const groups = useStore(shortcutGroups);
  const keys = useStore(singleKeys);
  return (
    <Dialog title="Keyboard" open={open} onClose={onClose}>
      {groups.map(({ title, shortcuts }) => (
        <section key={title} class="keys">
          <h3>{title}</h3>
          <dl>
            {shortcuts.map((shortcut) => (
              <div key={shortcut.keys}>
                <dt>
                  {shortcut.keys.split(' ').map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{shortcut.label}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <Switch
        label="Keys act on their own"
        hint="Turn this off if you speak to your computer, or if keys get in your way."
        checked={keys === 'on'}
        onChange={(on) => singleKeys.set(on ? 'on' : 'off')}
      />
    </Dialog>
  );
}
