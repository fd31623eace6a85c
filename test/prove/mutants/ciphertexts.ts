import type { createCipher } from '#worker/crypto/cipher.ts';
import { type CodeChange, changedModule } from '../kit/changed-code.ts';

const CIPHER = 'src/worker/crypto/cipher.ts';
const bound = (parts: string): CodeChange => ({
  file: CIPHER,
  from: /JSON\.stringify\(\[FORMAT, kid, table, learnerId, taskId, rowId\]\)/,
  to: `JSON.stringify([${parts}])`,
});

/** Bugs of the cipher, each as it could be written. */
export const CIPHER_BUGS: readonly { name: string; changes: readonly CodeChange[] }[] = [
  { name: 'a text is not bound to its row', changes: [bound('FORMAT, kid')] },
  { name: 'a text is not bound to its task', changes: [bound('FORMAT, kid, table, learnerId, rowId')] },
  {
    name: 'the newest key stands for one that is not known',
    changes: [
      bound('FORMAT, table, learnerId, taskId, rowId'),
      {
        file: CIPHER,
        from: /const base64 = raw\.get\(kid \?\? ''\);/,
        to: "const base64 = raw.get(kid ?? '') ?? keys[0]?.[1];",
      },
    ],
  },
  {
    name: 'texts are encrypted, but not authenticated',
    changes: [
      { file: 'src/worker/crypto/aes-gcm.ts', from: /'AES-GCM', false/, to: "'AES-CTR', false" },
      {
        file: 'src/worker/crypto/aes-gcm.ts',
        from: /const algorithm = \{ name: 'AES-GCM'.*;/g,
        to: "const algorithm = { name: 'AES-CTR', counter: new Uint8Array([...iv, 0, 0, 0, 0]), length: 32 };",
      },
    ],
  },
  {
    name: 'the name of the format is not looked at',
    changes: [{ file: CIPHER, from: /format !== FORMAT \|\| /, to: '' }],
  },
];

/** The cipher with a bug in it. */
export async function buggyCipher(changes: readonly CodeChange[]): Promise<typeof createCipher> {
  return (await changedModule<{ createCipher: typeof createCipher }>(CIPHER, changes)).createCipher;
}
