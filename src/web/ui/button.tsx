import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconShapes } from './icon.tsx';

type ButtonProps = Omit<JSX.IntrinsicElements['button'], 'icon' | 'type'> & {
  /** `primary` once per view; `quiet` beside it; `danger` for what cannot be undone. */
  look?: 'primary' | 'plain' | 'quiet' | 'danger';
  icon?: IconShapes;
  /** Shows that the button's work is under way; it stays focusable and does nothing more. */
  busy?: boolean;
  submit?: boolean;
  children: ComponentChildren;
};

export function Button(props: ButtonProps) {
  const { look = 'plain', icon, busy = false, submit = false, children, onClick, ...rest } = props;
  return (
    <button
      {...rest}
      type={submit ? 'submit' : 'button'}
      class={`button button-${look}`}
      aria-disabled={busy || undefined}
      {...(busy || onClick === undefined ? {} : { onClick })}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon of={icon} size={18} />}
      <span>{children}</span>
    </button>
  );
}

type IconButtonProps = Omit<JSX.IntrinsicElements['button'], 'icon' | 'type' | 'label'> & {
  icon: IconShapes;
  /** Says what the button does; also its tooltip. */
  label: string;
};

export function IconButton({ icon, label, ...rest }: IconButtonProps) {
  return (
    <button {...rest} type="button" class="icon-button" aria-label={label} title={label}>
      <Icon of={icon} />
    </button>
  );
}
