import type { ComponentChildren } from 'preact';
import type { AnyStudyPathsError } from '#client/errors.ts';
import type { Resource } from '../api/resource.ts';
import { Button } from './button.tsx';
import { Icon, type IconShapes } from './icon.tsx';
import { inbox, rotateCcw, triangleAlert, wifiOff } from './icons.ts';
import { Skeleton } from './skeleton.tsx';

type StateProps = { icon: IconShapes; title: string; tone?: 'plain' | 'bad'; children?: ComponentChildren };

/** The middle of a page that has nothing else to show. */
export function State({ icon, title, tone = 'plain', children }: StateProps) {
  return (
    <div class={`state state-${tone}`}>
      <span class="state-icon">
        <Icon of={icon} size={28} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Nothing is here yet; the children say what to do next. */
export function EmptyState({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <State icon={inbox} title={title}>
      {children}
    </State>
  );
}

type ErrorStateProps = { title: string; detail: string; onRetry(): void; retryLabel?: string; note?: string };

export function ErrorState({ title, detail, onRetry, retryLabel = 'Try again', note }: ErrorStateProps) {
  return (
    <div role="alert">
      <State icon={triangleAlert} title={title} tone="bad">
        <p>{detail}</p>
        <Button icon={rotateCcw} onClick={onRetry}>
          {retryLabel}
        </Button>
        {note && <p class="small muted">{note}</p>}
      </State>
    </div>
  );
}

export function OfflineState({ onRetry }: { onRetry(): void }) {
  return (
    <div role="alert">
      <State icon={wifiOff} title="No connection">
        <p>The server cannot be reached. This page loads by itself once you are back online.</p>
        <Button icon={rotateCcw} onClick={onRetry}>
          Try again
        </Button>
      </State>
    </div>
  );
}

/** What a failed request looks like when there is nothing older to show. */
export function FailureState({ error, onRetry }: { error: AnyStudyPathsError; onRetry(): void }) {
  if (error.code === 'network') return <OfflineState onRetry={onRetry} />;
  const note = error.requestId === null ? {} : { note: `Request ${error.requestId}` };
  return <ErrorState title="This could not be loaded" detail={error.message} onRetry={onRetry} {...note} />;
}

type ResourceViewProps<T> = {
  resource: Omit<Resource<T>, 'set'>;
  /** Lines of the skeleton while the first answer is awaited. */
  lines?: number;
  children(data: T): ComponentChildren;
};

/** Skeleton, failure or content of a resource; older content stays, with a note, when a newer one cannot be had. */
export function ResourceView<T>({ resource, lines = 4, children }: ResourceViewProps<T>) {
  const { data, error, reload } = resource;
  if (data === undefined) {
    return error === null ? <Skeleton lines={lines} /> : <FailureState error={error} onRetry={reload} />;
  }
  return (
    <>
      {error !== null && (
        <p class="note note-warn" role="status">
          <span>{`What you see may be out of date. ${error.message}`}</span>
          <Button look="quiet" onClick={reload}>
            Try again
          </Button>
        </p>
      )}
      {children(data)}
    </>
  );
}
