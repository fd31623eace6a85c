import { announce } from '../kit/announce.ts';
import { THEMES, type Theme, theme } from '../kit/preferences.ts';
import { useStore } from '../kit/store.ts';
import { IconButton } from '../ui/button.tsx';
import { monitor, moon, sun } from '../ui/icons.ts';

const LOOKS: Record<Theme, { icon: typeof sun; name: string }> = {
  system: { icon: monitor, name: 'as the system' },
  light: { icon: sun, name: 'light' },
  dark: { icon: moon, name: 'dark' },
};

/** Goes round: as the system, light, dark. */
export function ThemeButton() {
  const current = useStore(theme);
  const next = THEMES[(THEMES.indexOf(current) + 1) % THEMES.length] ?? 'system';
  return (
    <IconButton
      icon={LOOKS[current].icon}
      label={`Colours: ${LOOKS[current].name}. Change to ${LOOKS[next].name}`}
      onClick={() => {
        theme.set(next);
        announce(`Colours: ${LOOKS[next].name}`);
      }}
    />
  );
}
