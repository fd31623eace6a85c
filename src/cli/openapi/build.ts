import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { docsPage } from './docs/page.ts';
import { createDocument } from './document.ts';

const WEB = fileURLToPath(new URL('../../../.build/web/', import.meta.url));

/** `npm run build:api`: puts the API document and its reference page among the Worker's static files. */
await mkdir(WEB, { recursive: true });
const document = await createDocument();
await writeFile(`${WEB}openapi.json`, JSON.stringify(document));
await writeFile(`${WEB}docs.html`, docsPage(document));
await copyFile(new URL('docs/docs.css', import.meta.url), `${WEB}docs.css`);
