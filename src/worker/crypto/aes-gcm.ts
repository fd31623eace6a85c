/** AES-GCM with the parameters of NIST SP 800-38D that are safe with random IVs: 96-bit IV, 128-bit tag. */
export const IV_BYTES = 12;
export const TAG_BYTES = 16;

type Bytes = Uint8Array<ArrayBuffer>;

export function importKey(raw: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** Ciphertext followed by the tag. */
export async function encrypt(key: CryptoKey, iv: Bytes, plain: Bytes, aad: Bytes): Promise<Bytes> {
  const algorithm = { name: 'AES-GCM', iv, additionalData: aad, tagLength: TAG_BYTES * 8 };
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plain));
}

/** Null when key, IV, additional data and ciphertext do not belong together, or have impossible lengths. */
export async function decrypt(key: CryptoKey, iv: Bytes, sealed: Bytes, aad: Bytes): Promise<Bytes | null> {
  if (iv.byteLength !== IV_BYTES || sealed.byteLength < TAG_BYTES) return null;
  const algorithm = { name: 'AES-GCM', iv, additionalData: aad, tagLength: TAG_BYTES * 8 };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed));
  } catch (error) {
    // The one error that means "does not open" (Web Cryptography API, AES-GCM decrypt); others are ours.
    if (error instanceof DOMException && error.name === 'OperationError') return null;
    throw error;
  }
}
