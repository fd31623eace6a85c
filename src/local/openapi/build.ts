import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createDocument } from './document.ts';

const WEB = fileURLToPath(new URL('../../../.build/web/', import.meta.url));

/** `npm run build:api`: writes the API document where the Worker's static assets are. */
await mkdir(WEB, { recursive: true });
await writeFile(`${WEB}openapi.json`, JSON.stringify(await createDocument()));
