import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { createStore } from '../kit/store.ts';

/** True between a change of route and the moment at which the new page's heading has taken the focus. */
export const headingWanted = createStore(false);

type PageProps = {
  title: string;
  /** Under the title, one line. */
  lead?: ComponentChildren;
  /** Buttons beside the title. */
  actions?: ComponentChildren;
  /** All of the window's width instead of a readable column. */
  wide?: boolean;
  children: ComponentChildren;
};

/** The frame of every page: document title, main landmark, the only h1, and the focus after a change of route. */
export function Page({ title, lead, actions, wide = false, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Study Paths`;
  }, [title]);
  useEffect(() => {
    if (!headingWanted.get()) return;
    headingWanted.set(false);
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <main id="main" class={wide ? 'page page-wide' : 'page'} tabIndex={-1}>
      <header class="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p class="lead">{lead}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </main>
  );
}
