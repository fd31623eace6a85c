import { useEffect, useRef } from 'preact/hooks';

/**
 * Markdown from somebody else, shown safely: raw HTML is text, the rest is cleaned. Until the renderer has arrived, and
 * if it cannot be had, the plain text is shown.
 */
export function Markdown({ text }: { text: string }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let current = true;
    import('./markdown-render.ts').then(
      ({ renderMarkdown }) => {
        if (!current || element.current === null) return;
        element.current.classList.remove('markdown-plain');
        element.current.replaceChildren(renderMarkdown(text));
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [text]);
  return (
    <div key={text} ref={element} class="markdown markdown-plain">
      {text}
    </div>
  );
}
