import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Proof, ProveOptions, Report } from '../module.ts';

type Message = { line: string } | { report: Report };

const FILE = fileURLToPath(import.meta.url);

/**
 * Runs the proof of a file of `test/prove` in a process of its own, so that two of them have a core each and what one
 * leaves behind, or dies of, is no concern of the others.
 * @throws Error when it ends without a report.
 */
export function runApart(file: string, { say, ...options }: ProveOptions): Promise<Report> {
  const child = fork(FILE, [file, JSON.stringify(options)]);
  return new Promise((resolve, reject) => {
    let report: Report | null = null;
    child.on('message', (message: Message) => {
      if ('line' in message) say(message.line);
      else report = message.report;
    });
    // Behind the last message, which the end of the process need not be.
    child.once('disconnect', () => {
      const end = child.exitCode ?? child.signalCode;
      if (report !== null) resolve(report);
      else if (end !== null) reject(endedWith(end));
      else child.once('exit', (code, signal) => reject(endedWith(code ?? signal)));
    });
    child.once('error', reject);
  });
}

const endedWith = (end: number | string | null) => new Error(`ended with ${end} and without a report`);

async function main([file = '', options = '']: string[]): Promise<void> {
  const send = (message: Message) => process.send?.(message);
  const { proof } = (await import(`../${file}`)) as { proof: Proof };
  const report = await proof.run({ ...JSON.parse(options), say: (line: string) => send({ line }) });
  send({ report });
  process.disconnect?.();
}

if (process.argv[1] === FILE) await main(process.argv.slice(2));
