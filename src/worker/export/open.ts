import type { Context } from '../context.ts';
import { codeSeal, outputSeal, readOutput } from '../crypto/output.ts';
import { transcriptSeal } from '../crypto/transcript.ts';
import { AppError } from '../errors.ts';
import { PLACES, type SealedKind, type SealedText, sealedTexts } from './store-sealed.ts';

const SEAL = { code: codeSeal, output: outputSeal, transcript: transcriptSeal } as const;

/** Damaged texts of a page that are told one by one: a lost key damages all of them, and the log is not for that. */
const TOLD = 10;

function opener(ctx: Context, learnerId: string, kind: SealedKind) {
  let unreadable = 0;
  return async (text: SealedText): Promise<string | null> => {
    try {
      return await ctx.cipher.open(text.sealed, SEAL[kind](learnerId, text.task_id, text.row_id));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'integrity-error') throw error;
      // One damaged text must not keep the learner from everything else: it is told by null, and here.
      unreadable += 1;
      if (unreadable <= TOLD) {
        const fields = { kind, id: text.id, cause: String(error.cause), more: unreadable === TOLD };
        ctx.log.error('export-unreadable', fields);
      }
      return null;
    }
  };
}

/**
 * Opens the sealed texts of these rows, in this order; holds no more of them than one answer of the database. Null
 * for a text that was erased meanwhile or no longer opens.
 */
export async function* openInOrder(
  ctx: Context,
  learnerId: string,
  kind: SealedKind,
  ids: readonly string[],
): AsyncGenerator<string | null, undefined> {
  const opened = opener(ctx, learnerId, kind);
  let at = 0;
  while (at < ids.length) {
    const texts = await sealedTexts(ctx.db, learnerId, kind, ids.slice(at));
    const byId = new Map(texts.map((text) => [text.id, text]));
    const last = texts.at(-1);
    const end = last === undefined ? ids.length : ids.indexOf(last.id, at) + 1;
    for (const id of ids.slice(at, end)) {
      const text = byId.get(id);
      yield text === undefined ? null : await opened(text);
    }
    at = end;
  }
  return undefined;
}

/** Length of a UUID in its canonical form. */
const ID = 36;
/** Characters sent at once. */
const PIECE = 262_144;

/**
 * What stands in the place of a sealed text: its JSON. An output's place is the value of `error_message`, and what it
 * opens to is that value and `tests`.
 */
function openedText(kind: SealedKind, plain: string | null): string {
  if (kind !== 'output') return JSON.stringify(plain);
  const { error_message, tests } = readOutput(plain);
  return `${JSON.stringify(error_message)},"tests":${JSON.stringify(tests)}`;
}

/**
 * The text of a page with the sealed texts in their places, piece by piece. In each place stand `mark`, the kind's
 * letter and the row's id as a JSON string; whoever wrote the rest of the text did not know this request's mark.
 */
export async function* withOpened(
  ctx: Context,
  learnerId: string,
  { text, mark }: { text: string; mark: string },
): AsyncGenerator<string> {
  const [head = '', ...parts] = text.split(`"${mark}`);
  const kindOf = (part: string) => PLACES[part[0] as keyof typeof PLACES];
  const opened = Object.fromEntries(
    Object.values(PLACES).map((kind) => {
      const ids = parts.filter((part) => kindOf(part) === kind).map((part) => part.slice(1, 1 + ID));
      return [kind, openInOrder(ctx, learnerId, kind, ids)];
    }),
  ) as Record<SealedKind, ReturnType<typeof openInOrder>>;
  let ready = head;
  for (const part of parts) {
    const kind = kindOf(part);
    const { value = null } = await opened[kind].next();
    ready += openedText(kind, value) + part.slice(ID + 2);
    if (ready.length < PIECE) continue;
    yield ready;
    ready = '';
  }
  yield ready;
}
