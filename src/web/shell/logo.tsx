/** A path from one point to the next, as in the favicon. */
export function Logo() {
  return (
    <svg class="logo" width={28} height={28} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <path d="M9 24c0-5 3-6 7-8s7-3 7-8" />
      <circle cx="9" cy="24" r="3" />
      <circle cx="23" cy="8" r="3" />
    </svg>
  );
}
