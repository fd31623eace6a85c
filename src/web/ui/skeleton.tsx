/** Grey lines where text is about to be; said once to screen readers. */
export function Skeleton({ lines = 3, label = 'Loading' }: { lines?: number; label?: string }) {
  return (
    <div class="skeleton" role="status">
      <span class="hidden">{`${label} …`}</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} class="skeleton-line" aria-hidden="true" />
      ))}
    </div>
  );
}

/** Stands in for a page while its code is fetched. */
export function PageSkeleton() {
  return (
    <main id="main" class="page" tabIndex={-1}>
      <Skeleton lines={5} label="Loading the page" />
    </main>
  );
}
