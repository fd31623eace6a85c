import { difficultyShown, singleKeys, THEMES, type Theme, theme } from '../../kit/preferences.ts';
import { useStore } from '../../kit/store.ts';
import { Select, Switch } from '../../ui/field.tsx';

const THEME_NAMES: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };
const THEME_OPTIONS = THEMES.map((value) => ({ value, label: THEME_NAMES[value] }));

/** What holds for this device. */
export function DeviceSettings() {
  const colours = useStore(theme);
  const difficulty = useStore(difficultyShown);
  const keys = useStore(singleKeys);
  return (
    <section class="card stack" aria-labelledby="device">
      <h2 id="device">On this device</h2>
      <Select label="Colours" value={colours} options={THEME_OPTIONS} onChange={theme.set} />
      <Switch
        label="Hide difficulties"
        hint="Knowing that a problem is hard makes it harder."
        checked={difficulty === 'hidden'}
        onChange={(hidden) => difficultyShown.set(hidden ? 'hidden' : 'shown')}
      />
      <Switch
        label="Keys act on their own"
        hint="Such as ? for the list of what the keyboard can do."
        checked={keys === 'on'}
        onChange={(on) => singleKeys.set(on ? 'on' : 'off')}
      />
    </section>
  );
}
