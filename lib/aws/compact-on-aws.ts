import { cpus, totalmem } from 'node:os';
import { realClock } from '../core/clock.ts';
import { type Compacted, type CompactPorts, compactTable } from '../runtime/compact/compact-table.ts';
import type { Ports } from '../runtime/ports/ports.ts';
import { noteUpkeep } from '../runtime/table/note-upkeep.ts';

export type { Compacted };

export interface CompactDemand {
  readonly table: string;
  /** Size of a file to aim at. Default: that of the sink. */
  readonly fileBytes?: number;
  /** Who does it; kept in the audit. */
  readonly by: string;
}

/** Merges small files of a table from outside of the functions, on the machine that asks for it. */
export async function compactOnAws(
  ports: Pick<CompactPorts, 'objects' | 'tables' | 'compactFiles'> & Pick<Ports, 'audit'>,
  { by, ...request }: CompactDemand,
): Promise<Compacted> {
  const mebibyte = 1024 * 1024;
  const machine = { memoryMegabytes: Math.floor(totalmem() / mebibyte / 2), threads: cpus().length };
  const clock = realClock();
  const done = await compactTable({ ...ports, machine, clock }, request);
  const { table, version, before, after } = done;
  if (before.files !== after.files) {
    const detail = { version, from: before.files, to: after.files };
    await noteUpkeep({ ...ports, clock }, { table, action: 'compact', by, detail });
  }
  return done;
}
