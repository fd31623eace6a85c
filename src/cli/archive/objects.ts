import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Objects of the archive's bucket, wherever a copy of them is. */
export type ArchiveObjects = {
  /** Null when there is no such object. @throws Error when that cannot be said. */
  read(key: string): Promise<Uint8Array | null>;
};

/** Milliseconds for one object. */
const DEADLINE_MS = 30_000;

/**
 * @param place folder that the bucket was copied to, or an address that serves its objects by their keys: of a running
 * `npm run dev`, `http://127.0.0.1:8787/cdn-cgi/local/r2/public/study-paths-events`.
 */
export function archiveObjects(place: string): ArchiveObjects {
  return /^https?:/.test(place) ? servedObjects(place.replace(/\/$/, '')) : copiedObjects(place);
}

function servedObjects(base: string): ArchiveObjects {
  return {
    async read(key) {
      const response = await fetch(`${base}/${key}`, {
        // Else the client would unpack what the digest is of.
        headers: { 'accept-encoding': 'identity' },
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      if (response.status === 404) return null;
      if (!response.ok) throw new Error(`${base}: status ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

function copiedObjects(folder: string): ArchiveObjects {
  return {
    async read(key) {
      try {
        return await readFile(path.join(folder, ...key.split('/')));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
    },
  };
}
