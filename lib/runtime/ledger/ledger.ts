import { concurrently } from '../../core/concurrently.ts';
import { LedgerImbalanceError } from '../../core/errors/ledger-imbalance-error.ts';
import { runKeys } from '../keys.ts';
import type { Ports } from '../ports/ports.ts';
import type { LedgerEntry, LedgerFile, LedgerRecord } from './ledger-entry.ts';

type LedgerPorts = Pick<Ports, 'objects' | 'runs'>;

/** An item of the run store holds 400 KB, and all entries of a run are read together. */
const mostInlineBytes = 32 * 1024;

/** Writes an entry once. `exists`: another attempt at the chunk was first, and its entry stands. */
export async function addLedgerEntry(ports: LedgerPorts, entry: LedgerEntry): Promise<'written' | 'exists'> {
  const { files, ...rest } = entry;
  const list = JSON.stringify(files);
  if (Buffer.byteLength(list) <= mostInlineBytes) return ports.runs.addLedgerRecord({ ...rest, files });
  const filesAt = runKeys(entry.pipeline, entry.run).fileList(entry.stage, entry.chunk);
  await ports.objects.createText(filesAt, list);
  return ports.runs.addLedgerRecord({ ...rest, filesAt });
}

export async function findLedgerEntry(ports: LedgerPorts, run: string, stage: string, chunk: string) {
  const record = await ports.runs.ledgerRecord(run, stage, chunk);
  return record && entryOf(ports, record);
}

/** Entries of a run, or of one of its stages, in the order of stage and chunk. */
export async function readLedger(ports: LedgerPorts, run: string, stage?: string): Promise<readonly LedgerEntry[]> {
  return concurrently(await ports.runs.ledgerRecords(run, stage), 16, (record) => entryOf(ports, record));
}

async function entryOf(ports: LedgerPorts, record: LedgerRecord): Promise<LedgerEntry> {
  const { filesAt, files, ...rest } = record;
  if (files) return { ...rest, files };
  const list = filesAt === undefined ? undefined : await ports.objects.readText(filesAt);
  if (list !== undefined) return { ...rest, files: JSON.parse(list) as LedgerFile[] };
  throw new LedgerImbalanceError({
    problem: `the list of files of chunk ${record.stage}/${record.chunk} is gone`,
    received: filesAt ?? 'an entry without files',
    change: 'start the run again; keep staged data for longer than a run takes',
  });
}
