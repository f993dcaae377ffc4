import { cpus, totalmem } from 'node:os';
import { realClock } from '../core/clock.ts';
import { type Compacted, type CompactPorts, compactTable } from '../runtime/compact/compact-table.ts';

export type { Compacted };

/** Merges small files of a table from outside of the functions, on the machine that asks for it. */
export function compactOnAws(
  ports: Pick<CompactPorts, 'objects' | 'tables' | 'compactFiles'>,
  request: { readonly table: string; readonly fileBytes?: number },
): Promise<Compacted> {
  const mebibyte = 1024 * 1024;
  const machine = { memoryMegabytes: Math.floor(totalmem() / mebibyte / 2), threads: cpus().length };
  return compactTable({ ...ports, machine, clock: realClock() }, request);
}
