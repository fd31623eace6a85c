import { chownSync, statSync } from 'node:fs';

/** The account a server process runs under; empty means the one of this process. */
export type Account = { uid?: number; gid?: number };

/** "nobody" on Linux and a number without rights everywhere; PostgreSQL needs no entry for it in /etc/passwd. */
const NOBODY = 65534;

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * PostgreSQL refuses to run as root. A cluster that already belongs to an ordinary account keeps it, so that a run
 * with `sudo` does not lock its owner out; a new one goes to the account without rights.
 */
export function accountFor(existing: string | null): Account {
  if (!isRoot()) return {};
  const { uid, gid } = existing === null ? { uid: 0, gid: 0 } : statSync(existing);
  return uid === 0 ? { uid: NOBODY, gid: NOBODY } : { uid, gid };
}

/** Gives a folder to the account that the server will run under. */
export function giveTo(folder: string, { uid, gid }: Account): void {
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
}

/**
 * How a process that stands in `folder` names it. Under another account the path itself may lead through folders
 * that this account must not enter (`mktemp -d`, /root); the kernel's link to the working folder does not.
 */
export function ownName(folder: string, account: Account): string {
  return account.uid !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : folder;
}
