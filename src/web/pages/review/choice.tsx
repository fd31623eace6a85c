import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

type DropdownProps = { label: ComponentChildren; marked?: boolean; children: ComponentChildren };

/** The browser's own disclosure as a button with a panel; a click elsewhere and Escape close it. */
export function Dropdown({ label, marked = false, children }: DropdownProps) {
  const element = useRef<HTMLDetailsElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!open) return;
    const close = () => element.current?.removeAttribute('open');
    const onPointer = (event: Event) => {
      if (!element.current?.contains(event.target as Node)) close();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      close();
      element.current?.querySelector('summary')?.focus();
    };
    const current = element.current;
    const onFocusOut = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget instanceof Node && !current?.contains(relatedTarget)) close();
    };
    document.addEventListener('pointerdown', onPointer);
    current?.addEventListener('keydown', onKey);
    current?.addEventListener('focusout', onFocusOut);
    return () => {
      document.removeEventListener('pointerdown', onPointer);
      current?.removeEventListener('keydown', onKey);
      current?.removeEventListener('focusout', onFocusOut);
    };
  }, [open]);
  return (
    <details
      ref={element}
      class={marked ? 'choice choice-marked' : 'choice'}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{label}</summary>
      {open && <div class="choice-panel">{children}</div>}
    </details>
  );
}

type ChoiceProps<T extends string> = {
  label: string;
  options: readonly T[];
  nameOf(option: T): string;
  chosen: readonly T[];
  onChange(chosen: T[]): void;
};

/** Any of several values; none means all of them. */
export function Choice<T extends string>({ label, options, nameOf, chosen, onChange }: ChoiceProps<T>) {
  const [only] = chosen;
  const what = chosen.length === 1 && only !== undefined ? nameOf(only) : String(chosen.length);
  function change(option: T, checked: boolean) {
    onChange(options.filter((other) => (other === option ? checked : chosen.includes(other))));
  }
  return (
    <Dropdown label={chosen.length === 0 ? label : `${label}: ${what}`} marked={chosen.length > 0}>
      <fieldset>
        <legend class="hidden">{label}</legend>
        {options.length === 0 && <p class="small muted">There is nothing to choose from yet.</p>}
        {options.map((option) => (
          <label key={option}>
            <input
              type="checkbox"
              checked={chosen.includes(option)}
              onChange={(event) => change(option, event.currentTarget.checked)}
            />
            <span>{nameOf(option)}</span>
          </label>
        ))}
      </fieldset>
    </Dropdown>
  );
}
