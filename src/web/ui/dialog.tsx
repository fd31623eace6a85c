import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { IconButton } from './button.tsx';
import { x } from './icons.ts';

type DialogProps = {
  title: string;
  open: boolean;
  /** Called when the learner closes it: by the button, Escape or a click beside it. */
  onClose(): void;
  /** `drawer` takes the right side of a wide window and all of a narrow one. */
  look?: 'dialog' | 'drawer';
  /** Beside the title, such as a badge. */
  aside?: ComponentChildren;
  children: ComponentChildren;
};

/** A modal `<dialog>`: the browser keeps the focus inside and gives it back on closing. */
export function Dialog({ title, open, onClose, look = 'dialog', aside, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    if (open && !dialog?.open) dialog?.showModal();
    if (!open && dialog?.open) dialog.close();
  }, [open]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; the click is on the backdrop
    <dialog
      ref={element}
      class={look}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.target === element.current && element.current?.close()}
    >
      {open && (
        <div class="dialog-body">
          <div class="dialog-head">
            <h2 id={id}>{title}</h2>
            {aside}
            <IconButton icon={x} label="Close" onClick={() => element.current?.close()} />
          </div>
          <div class="dialog-content">{children}</div>
        </div>
      )}
    </dialog>
  );
}
