import path from 'node:path';
import { parseArgs } from 'node:util';
import { TokenAlgorithm } from '#services/issuer/keys.ts';
import { mintToken, type TokenOptions } from '#services/issuer/mint.ts';
import { HOME } from './checkout.ts';
import { lastWorkerVars } from './local-database.ts';

const USAGE = `Prints a token for a learner, signed with the local issuer's keys.
usage: npm run --silent token -- <learner> [--alg ES256|RS256] [--expires <seconds>] [--audience <name>]
                                           [--scope <scope>]...   such as --scope co
`;

/** What the Worker of this checkout asks of a token, as it was last started. */
function workerVars(): NodeJS.Dict<string> {
  return { ...lastWorkerVars(), ...process.env };
}

/** @throws Error that says which argument is wrong. */
function readArguments(args: string[]): TokenOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      alg: { type: 'string' },
      expires: { type: 'string' },
      audience: { type: 'string' },
      scope: { type: 'string', multiple: true },
    },
  });
  const [sub, ...rest] = positionals;
  if (sub === undefined || sub === '' || rest.length > 0) throw new Error('name exactly one learner');
  const alg = TokenAlgorithm.optional().safeParse(values.alg);
  if (!alg.success) throw new Error(`--alg must be one of ${TokenAlgorithm.options.join(', ')}`);
  if (values.expires !== undefined && !/^[1-9]\d{0,8}$/.test(values.expires)) {
    throw new Error('--expires must be a number of seconds from 1 on');
  }
  return {
    sub,
    alg: alg.data,
    expires_in_seconds: values.expires === undefined ? undefined : Number(values.expires),
    audience: values.audience,
    claims: values.scope === undefined ? undefined : { scope: values.scope.join(' ') },
  };
}

async function main(args: string[]): Promise<number> {
  let options: TokenOptions;
  try {
    options = readArguments(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
  const { JWT_ISSUER, JWT_AUDIENCE } = workerVars();
  const token = await mintToken(path.join(HOME, 'issuer-keys.json'), {
    ...options,
    issuer: JWT_ISSUER || undefined,
    audience: options.audience ?? (JWT_AUDIENCE || undefined),
  });
  process.stdout.write(`${token}\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
