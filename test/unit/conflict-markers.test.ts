import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../..');
/** Of .gitignore: names of folders and files that no commit holds. */
const IGNORED = new Set([
  '.git',
  ...readFileSync(path.join(ROOT, '.gitignore'), 'utf8')
    .split('\n')
    .map((line) => line.replaceAll('/', '').trim())
    .filter((line) => line !== '' && !/[#*!]/.test(line)),
]);

/** Every file below a folder that a commit may hold, as a path from the root. */
function filesOf(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !IGNORED.has(name))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return filesOf(file);
      return entry.isFile() ? [file] : [];
    });
}

/** The lines of a text at which a merge has left its markers; a line of seven equals signs alone may be a heading. */
function markers(text: string): number[] {
  return text
    .split(/\r?\n/)
    .flatMap((line, at) => (/^(?:<{7}|>{7}|\|{7})(?: |$)/.test(line) ? [at + 1] : []));
}

test('no file holds the markers of a merge conflict', () => {
  const files = filesOf('.');
  expect(files).toEqual(expect.arrayContaining(['.dev.vars.example', 'README.md', 'src/worker/index.ts']));
  const marked = files.flatMap((file) =>
    markers(readFileSync(path.join(ROOT, file), 'utf8')).map((line) => `${file}:${line}`),
  );
  expect(marked).toEqual([]);
});

test('the markers of both styles are found, and text like them is not', () => {
  const [ours, base, theirs] = ['<', '|', '>'].map((sign) => sign.repeat(7));
  const conflict = [`${ours} HEAD`, 'A="1"', base, `${theirs} 5e46b3e (subject)`, ''].join('\r\n');
  expect(markers(conflict)).toEqual([1, 3, 4]);
  expect(markers(`Title\n=======\n a ${ours}\n${theirs}>\n`)).toEqual([]);
});
