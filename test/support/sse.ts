/** Bytes that a reader which decodes, trims or joins would change: event streams by the letter of HTML, section 9.2. */
export const STREAMS: Readonly<Record<string, string>> = {
  delta: 'event: delta\ndata: {"text":"An "}\n\nevent: done\ndata: {"level":1,"outcome":"complete"}\n\n',
  'line ends': 'data: a\r\ndata: b\rdata: c\n\r\n\rdata\n\n',
  comments: ': ping\n\n:\r\n:no space\ndata:x\n: between\n\n',
  'ids and retry': 'id: 1\nretry: 1000\nevent: é\ndata: y\nid\n\nid: a\0b\ndata: z\n\n',
  'UTF-8': 'data: ä € 😀 \u2028 e\u0301 \uFEFF\n\n',
  'byte order mark': '\uFEFFdata: 1\n\n\uFEFFdata: 2\n\n',
  unfinished: 'data: begun\n\ndata: never ended',
  'empty lines': '\n\n\n\n',
};

/** Not UTF-8 at all, and every byte that there is. */
export const ANY_BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

/** A script of the tutor: these pieces, each a write of its own. */
export function scriptOf(pieces: readonly Uint8Array[], pauseMs = 2) {
  return { chunks: pieces.map((piece) => Buffer.from(piece).toString('base64')), pause_ms: pauseMs };
}

/** Scripts that send the bytes in two pieces, cut at every place in turn. */
export function cutEverywhere(bytes: Uint8Array) {
  return Array.from({ length: bytes.byteLength - 1 }, (_, i) =>
    scriptOf([bytes.subarray(0, i + 1), bytes.subarray(i + 1)]),
  );
}

/** A script that sends every byte alone. */
export function byteByByte(bytes: Uint8Array) {
  return scriptOf(
    Array.from(bytes, (_, i) => bytes.subarray(i, i + 1)),
    1,
  );
}

/** Has the tutor follow these scripts in turn while `run` lasts. */
export async function withScripts<T>(tutor: string, scripts: unknown[], run: () => Promise<T>): Promise<T> {
  const url = `${tutor}/__local/scripts`;
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(scripts) });
  if (!response.ok) throw new Error(`scripts: ${await response.text()}`);
  await response.body?.cancel();
  try {
    return await run();
  } finally {
    await fetch(url, { method: 'DELETE' });
  }
}

/** Runs `count` calls, `width` of them at a time. */
export async function inTurns<T>(
  count: number,
  width: number,
  call: (i: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < count; i = next++) results[i] = await call(i);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
