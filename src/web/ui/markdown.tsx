import { useEffect, useRef, useState } from 'preact/hooks';

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
 * Markdown from somebody else, shown safely: raw HTML is text, the rest is cleaned. Until the renderer has arrived, if it
 * cannot be had, and if formatting would hold the page up, the plain text is shown.
 */
export function Markdown({ text }: { text: string }) {
  const element = useRef<HTMLDivElement>(null);
  const [tooLong, setTooLong] = useState(false);
  useEffect(() => {
    let current = true;
    fetchRenderer().then(
      ({ renderMarkdown }) => {
        if (!current || element.current === null) return;
        const nodes = renderMarkdown(text);
        setTooLong(nodes === null);
        if (nodes === null) return;
        element.current.classList.remove('markdown-plain');
        element.current.replaceChildren(nodes);
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [text]);
  return (
    <>
      {tooLong && <p class="note">Shown as plain text: it is too long or too deep to be formatted.</p>}
      <div key={text} ref={element} class="markdown markdown-plain">
        {text}
      </div>
    </>
  );
}
