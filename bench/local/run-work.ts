import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a program of this folder in a process of its own; resolves to the JSON that it prints. */
export async function runWork<T>(file: string, args: readonly string[]): Promise<T> {
  const { stdout } = await run(process.execPath, [file, ...args], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout);
}
