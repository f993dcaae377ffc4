import { type Fault, showFault } from './describe-error.ts';
import type { LedgerRecord, Run } from './find-run.ts';
import type { Platform } from './platform.ts';
import type { Printer } from './print.ts';

/** Why the last failed attempt at a chunk failed. */
export interface ChunkFault extends Fault {
  readonly stage: string;
  readonly chunk: string;
  /** Class name of the error. */
  readonly error: string;
  /** True where a later attempt succeeded. */
  readonly mended: boolean;
}

export async function chunkFaults(
  platform: Platform,
  run: Run,
  records: readonly LedgerRecord[],
): Promise<readonly ChunkFault[]> {
  const done = new Set(records.map(({ stage, chunk }) => `${stage} ${chunk}`));
  const failures = await platform.runs.chunkFailures(run.run);
  return failures.map(({ stage, chunk, error, cause }) => ({
    ...partsOf(error, cause),
    part: `${stage} chunk ${chunk}`,
    stage,
    chunk,
    error,
    mended: done.has(`${stage} ${chunk}`),
  }));
}

/** A cause is JSON with the four parts, or what Lambda itself says of a function that ended. */
function partsOf(error: string, cause: string): Omit<Fault, 'part'> {
  let told: Partial<Fault> & { readonly errorMessage?: string };
  try {
    told = JSON.parse(cause);
  } catch {
    told = { errorMessage: cause };
  }
  return {
    code: told.code ?? error,
    problem: told.problem ?? `${error}: ${told.errorMessage ?? 'no reason was given'}`,
    ...(told.received !== undefined && { received: told.received }),
    ...(told.allowed !== undefined && { allowed: told.allowed }),
    change: told.change ?? 'look at the log of the worker function',
  };
}

/** Chunks with the same trouble are shown once. */
export function showFailures(printer: Printer, run: Run, faults: readonly ChunkFault[]): void {
  const open = faults.filter(({ mended }) => !mended);
  if (run.failure?.skippedFor !== undefined) printer.line(`  skipped  ${run.failure.message}`);
  else if (run.failure) {
    printer.line(`  ${printer.paint('red', `failed in "${run.failure.state}" with ${run.failure.error}`)}`);
    // Its message is that of the chunk which is shown in full below.
    if (!open.some(({ error }) => error === run.failure!.error)) printer.line(`    ${run.failure.message}`);
  }
  for (const same of Map.groupBy(open, ({ problem, error }) => `${error} ${problem}`).values()) {
    const [first] = same;
    const others = same.length > 1 ? ` and ${same.length - 1} more` : '';
    showFault(printer, { ...first!, part: `${first!.part}${others}` }, '  ');
  }
  const mended = faults.length - open.length;
  if (mended > 0) printer.line(`  tried again  ${mended} chunk${mended === 1 ? '' : 's'}, with success`);
}
