import type { RefObject } from 'preact';
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Language } from '#contract/vocabulary.ts';
import { codeSize } from '../kit/preferences.ts';
import { useStore } from '../kit/store.ts';
import { LANGUAGE_NAMES } from '../ui/names.ts';
import type { Editor } from './create-editor.ts';
import './editor.css';

export type CodeEditorHandle = {
  /** Changes the whole text; `onChange` hears of it, and the learner can undo it. */
  replace(code: string): void;
  focus(): void;
};

type CodeEditorProps = {
  language: Language;
  /** What the language's document begins with when it is first shown. */
  initial: string;
  onChange(code: string): void;
  handle: RefObject<CodeEditorHandle | null>;
};

function labelOf(language: Language): string {
  return `Code in ${LANGUAGE_NAMES[language]}. Escape, then Tab, leaves the editor.`;
}

/** Resolves when the element can be seen; where the statement fills a phone's window, that is after a scroll. */
function seen(element: Element): Promise<void> {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(element);
  });
}

/**
 * The code editor. Its code is fetched when it comes into view; until then, and if it cannot be had, a plain text field
 * stands in its place and nothing that is typed there is lost.
 */
export function CodeEditor({ language, initial, onChange, handle }: CodeEditorProps) {
  const frame = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const editor = useRef<Editor | null>(null);
  const [ready, setReady] = useState(false);
  const size = useStore(codeSize);
  const latest = useRef({ language, initial, onChange });
  latest.current = { language, initial, onChange };

  useEffect(() => {
    let gone = false;
    const { current: place } = frame;
    if (place === null) return;
    const loading = seen(place).then(() => import('./create-editor.ts'));
    loading.then(
      ({ createEditor }) => {
        if (gone || host.current === null) return;
        const made = createEditor(host.current, (code) => latest.current.onChange(code));
        const plain = field.current;
        const now = latest.current;
        made.show(now.language, plain?.value ?? now.initial, labelOf(now.language));
        if (plain !== null && document.activeElement === plain) made.focus(plain.selectionStart);
        editor.current = made;
        setReady(true);
      },
      () => undefined,
    );
    return () => {
      gone = true;
      editor.current?.destroy();
      editor.current = null;
    };
  }, []);

  // Before anything more is typed: the next key belongs to the language that is shown.
  useLayoutEffect(
    () => editor.current?.show(language, latest.current.initial, labelOf(language)),
    [language],
  );
  // Made while it was hidden, or with letters of another size, it has measured its lines wrongly.
  useEffect(() => editor.current?.measure(), [size, ready]);

  useImperativeHandle(handle, () => ({
    replace(code) {
      if (editor.current !== null) editor.current.replace(code);
      else if (field.current !== null) {
        field.current.value = code;
        latest.current.onChange(code);
      }
    },
    focus: () => (editor.current ?? field.current)?.focus(),
  }));

  return (
    <div ref={frame} class="editor" style={{ '--code-size': `${Number(size) / 16}rem` }}>
      <div ref={host} class="editor-host" hidden={!ready} />
      {!ready && (
        <textarea
          key={language}
          ref={field}
          class="editor-plain"
          aria-label={labelOf(language)}
          defaultValue={initial}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </div>
  );
}
