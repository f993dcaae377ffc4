import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { LedgerRecord, Run } from '../../lib/cli/find-run.ts';
import type { Platform } from '../../lib/cli/platform.ts';
import { Printer } from '../../lib/cli/print.ts';
import { chunkFaults, showFailures } from '../../lib/cli/run-failures.ts';

const parts = {
  errorType: 'InputMissingError',
  errorMessage: 'a file is gone; received: a.csv; put it back',
  code: 'INPUT_MISSING',
  problem: 'a file is gone',
  received: 'a.csv',
  change: 'put it back',
};
const failures = [
  { stage: 'process', chunk: '0001', error: 'InputMissingError', cause: JSON.stringify(parts) },
  { stage: 'process', chunk: '0002', error: 'InputMissingError', cause: JSON.stringify(parts) },
  { stage: 'process', chunk: '0003', error: 'Sandbox.Timedout', cause: 'Task timed out after 600.00 seconds' },
  {
    stage: 'process',
    chunk: '0004',
    error: 'ChunkInterruptedError',
    cause: JSON.stringify({ errorMessage: 'stopped' }),
  },
];
const platform = { runs: { chunkFailures: async () => failures } } as unknown as Platform;
const run = {
  run: 'sales-1',
  failure: {
    error: 'InputMissingError',
    message: parts.errorMessage,
    state: 'Process chunks',
    disposition: 'terminal',
  },
} as unknown as Run;
const done = [{ stage: 'process', chunk: '0004' }] as unknown as LedgerRecord[];

async function shown(one: Run): Promise<string> {
  let text = '';
  const output = new Writable({
    write(chunk, _, next) {
      text += chunk;
      next();
    },
  });
  const faults = one === run ? await chunkFaults(platform, one, done) : [];
  showFailures(new Printer(output as NodeJS.WriteStream, false), one, faults);
  return text;
}

describe('a failed run', () => {
  it('has its chunk failures with their four parts, and knows which came right later', async () => {
    expect(await chunkFaults(platform, run, done)).toEqual([
      {
        stage: 'process',
        chunk: '0001',
        error: 'InputMissingError',
        part: 'process chunk 0001',
        code: 'INPUT_MISSING',
        problem: 'a file is gone',
        received: 'a.csv',
        change: 'put it back',
        mended: false,
      },
      expect.objectContaining({ chunk: '0002', mended: false }),
      expect.objectContaining({
        chunk: '0003',
        code: 'Sandbox.Timedout',
        problem: 'Sandbox.Timedout: Task timed out after 600.00 seconds',
        change: 'look at the log of the worker function',
      }),
      expect.objectContaining({ chunk: '0004', problem: 'ChunkInterruptedError: stopped', mended: true }),
    ]);
  });

  it('is shown with each kind of failure once', async () => {
    expect(await shown(run)).toBe(`  failed in "Process chunks" with InputMissingError
  ✗ a file is gone
      at        process chunk 0001 and 1 more
      received  a.csv
      change    put it back
  ✗ Sandbox.Timedout: Task timed out after 600.00 seconds
      at        process chunk 0003
      change    look at the log of the worker function
  tried again  1 chunk, with success
`);
  });

  it('shows its own message where no chunk is to blame', async () => {
    expect(await shown({ ...run, run: 'sales-2' } as Run)).toBe(
      `  failed in "Process chunks" with InputMissingError\n    ${parts.errorMessage}\n`,
    );
  });

  it('that never failed shows nothing', async () => {
    expect(await shown({ run: 'sales-3' } as Run)).toBe('');
  });
});
