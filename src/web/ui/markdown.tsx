import { useEffect, useRef } from 'preact/hooks';

type Renderer = typeof import('./markdown-render.ts');
let renderer: Promise<Renderer> | undefined;

/** Running the renderer's code and using it for the first time are two tasks: together they hold up keys and clicks. */
function fetchRenderer(): Promise<Renderer> {
  renderer ??= import('./markdown-render.ts').then(
    (code) => new Promise<Renderer>((resolve) => setTimeout(() => resolve(code))),
  );
  // Who is offline now may try again later.
  renderer.catch(() => {
    renderer = undefined;
  });
  return renderer;
}

/**
 * Markdown from somebody else, shown safely: raw HTML is text, the rest is cleaned. Until the renderer has arrived, and
 * if it cannot be had, the plain text is shown.
 */
export function Markdown({ text }: { text: string }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let current = true;
    fetchRenderer().then(
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
