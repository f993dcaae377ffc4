import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server that is measured, in a process of its own. */
export interface Endpoint {
  readonly url: string;
  /** The most memory that its process has held. */
  peakBytes(): Promise<number>;
  close(): Promise<void>;
}

/** How many functions an endpoint of the kind `functions` has: `idle-0` and so on. */
export const functionsPerEndpoint = 5;

export async function startEndpoint(which: 'cloud' | 'functions' | 'sink' | 'dynalite'): Promise<Endpoint> {
  const folder = mkdtempSync(join(tmpdir(), `penstock-bench-${which}-`));
  const child = fork(join(import.meta.dirname, 'endpoint.ts'), [which, folder]);
  const { endpoint } = await answer(child);
  return {
    url: endpoint,
    async peakBytes() {
      child.send('usage');
      return (await answer(child)).peakBytes;
    },
    async close() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answer(child: ChildProcess): Promise<any> {
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error('the measured server has ended');
    }),
  ]);
  return message;
}
