import { OWNER_ROLE } from '#services/neon/owner-role.ts';
import { basePort, HOME, portsFrom } from './checkout.ts';
import { readSecrets } from './secrets.ts';

/** The built-in database of this checkout's stack, as the role that owns the tables; PORT moves it. */
export function ownerUrl(): string {
  const { ownerPassword } = readSecrets(HOME);
  return `postgresql://${OWNER_ROLE}:${ownerPassword}@127.0.0.1:${portsFrom(basePort()).postgres}/main`;
}
