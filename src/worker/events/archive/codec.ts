type Bytes = Uint8Array<ArrayBuffer>;

async function through(bytes: Bytes, transform: CompressionStream | DecompressionStream): Promise<Bytes> {
  const stream = new Blob([bytes]).stream().pipeThrough(transform);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export function gzip(text: string): Promise<Bytes> {
  return through(new Uint8Array(new TextEncoder().encode(text)), new CompressionStream('gzip'));
}

/** @throws TypeError when the bytes are not a whole gzip stream of UTF-8. */
export async function gunzip(bytes: Bytes): Promise<string> {
  const plain = await through(bytes, new DecompressionStream('gzip'));
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain);
}

/** SHA-256 in hex. */
export async function digestOf(bytes: Bytes): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex();
}
