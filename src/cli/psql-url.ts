import { ownerUrl } from './local-database.ts';

process.stdout.write(`${ownerUrl()}\n`);
