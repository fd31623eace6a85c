import { h } from 'preact';

/** Shapes of an icon, on a grid of 24 by 24. */
export type IconShapes = readonly (readonly [tag: string, attributes: Readonly<Record<string, string>>])[];

/** One of `ui/icons.ts`. It is for the eye alone: the text beside it, or the button's label, says the same. */
export function Icon({ of, size = 20 }: { of: IconShapes; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      {of.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}
