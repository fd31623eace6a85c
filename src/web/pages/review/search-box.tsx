import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useShortcuts } from '../../kit/shortcuts.ts';
import { Icon } from '../../ui/icon.tsx';
import { search } from '../../ui/icons.ts';
import { cleanSearch } from './filters.ts';

/** Milliseconds without a key after which the list follows. */
const PAUSE_MS = 250;

type SearchBoxProps = {
  value: string;
  /** `again` is true when the change before it was typed in the same go: one step back undoes all of it. */
  onChange(value: string, again: boolean): void;
};

export function SearchBox({ value, onChange }: SearchBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  const typed = useRef(false);
  const sent = useRef(value);
  const [text, setText] = useState(value);
  const change = useRef(onChange);
  change.current = onChange;

  // The address can change under the field: by the back button, or by a reset.
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);

  useEffect(() => {
    const wanted = cleanSearch(text);
    if (wanted === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = wanted;
      change.current(wanted, typed.current);
      typed.current = true;
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const shortcuts = useMemo(
    () => [{ keys: '/', label: 'Search your tasks', run: () => input.current?.select() }],
    [],
  );
  useShortcuts('Filters', shortcuts);

  return (
    <search class="search-box">
      <Icon of={search} size={18} />
      <input
        ref={input}
        type="search"
        aria-label="Search titles and ids"
        placeholder="Search titles and ids"
        maxLength={100}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onBlur={() => {
          typed.current = false;
        }}
      />
    </search>
  );
}
