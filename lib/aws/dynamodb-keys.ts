import type { ScheduleExpression } from '../core/schedule-times.ts';
import { sha256 } from '../core/sha256.ts';
import type { BatchName } from '../runtime/ports/arrivals.ts';
import type { InputVersion } from '../runtime/ports/run-store.ts';
import type { ItemKey } from './dynamodb-table.ts';

/** DynamoDB allows 1,024 bytes for a sort key; S3 alone allows as many for a key. */
const longestSortKeyBytes = 1024;

/** Behind a key of a file that is no longer there is room for what is claimed of it. */
const longestKeyBytes = 800;

/** How items of the run table are named. */
export const itemKeys = {
  run: (run: string): ItemKey => ({ pk: `RUN#${run}`, sk: 'RUN' }),
  /** Puts a run on the list of all runs; its state is only in the run's own item. */
  listing: (run: string): ItemKey => ({ pk: `RUN#${run}`, sk: 'LISTED' }),
  ledger: (run: string, stage: string, chunk: string): ItemKey => ({
    pk: `RUN#${run}`,
    sk: `${ledgerPrefix(stage)}${chunk}`,
  }),
  failure: (run: string, stage: string, chunk: string): ItemKey => ({
    pk: `RUN#${run}`,
    sk: `${failurePrefix}${stage}#${chunk}`,
  }),
  /** Counts the workers that have begun a chunk and not told how it ended. */
  begun: (run: string, stage: string, chunk: string): ItemKey => ({ pk: `RUN#${run}`, sk: `BEGUN#${stage}#${chunk}` }),
  /** Counts the attempts of a run that have failed. */
  attempts: (run: string): ItemKey => ({ pk: `RUN#${run}`, sk: 'ATTEMPTS' }),
  /** Who looks after a run that failed or waits. */
  acknowledged: (run: string): ItemKey => ({ pk: `RUN#${run}`, sk: 'ACKNOWLEDGED' }),
  /** Which execution tells people of an incident. */
  incident: (pipeline: string, id: string): ItemKey => ({ pk: `ESCALATION#${pipeline}`, sk: id }),
  /** What is to be told of a run. */
  event: (run: string, id: string): ItemKey => ({ pk: `RUN#${run}`, sk: `${eventPrefix}${id}` }),
  claim: (pipeline: string, file: InputVersion): ItemKey => ({ pk: `PIPELINE#${pipeline}`, sk: claimSortKey(file) }),
  /** Goes away when a failed run is not to be kept any longer. */
  kept: (pipeline: string, run: string): ItemKey => ({ pk: `${keptPrefix}${pipeline}`, sk: run }),
  pipeline: (pipeline: string): ItemKey => ({ pk: `STATE#${pipeline}`, sk: 'STATE' }),
  /** A trigger that waits for its pipeline to be resumed. */
  parked: (pipeline: string, run: string): ItemKey => ({ pk: `STATE#${pipeline}`, sk: `RUN#${run}` }),
  /** What became of a version of a file that arrived. */
  arrivedVersion: (pipeline: string, key: string, versionId: string): ItemKey => ({
    pk: `ARRIVAL#${pipeline}#${key}`,
    sk: `VERSION#${versionId}`,
  }),
  newestArrival: (pipeline: string, key: string): ItemKey => ({ pk: `ARRIVAL#${pipeline}#${key}`, sk: 'NEWEST' }),
  /** The batch of a place that is open, or was the last one. */
  batch: (pipeline: string, place: string): ItemKey => ({
    pk: `BATCH#${pipeline}`,
    sk: shortened(`${openBatchPrefix}${place}`),
  }),
  closedBatch: ({ pipeline, place, number }: BatchName): ItemKey => ({
    pk: `BATCH#${pipeline}`,
    sk: shortened(`CLOSED#${number}#${place}`),
  }),
  batchMember: ({ pipeline, place, number }: BatchName, key: string): ItemKey => ({
    pk: `MEMBERS#${pipeline}#${number}#${place}`,
    sk: shortened(`FILE#${key}`),
  }),
  backfill: (pipeline: string, id: string): ItemKey => ({ pk: `BACKFILLS#${pipeline}`, sk: `ID#${id}` }),
  /** Counts how often one was opened, so that two are not at the same time. */
  backfillOpenings: (pipeline: string): ItemKey => ({ pk: `BACKFILLS#${pipeline}`, sk: 'OPENINGS' }),
  slice: (backfill: string, slice: string): ItemKey => ({ pk: `SLICES#${backfill}`, sk: `FROM#${slice}` }),
  /** The time of a schedule that was looked at last. */
  schedule: (pipeline: string, { expression, zone = 'UTC' }: ScheduleExpression): ItemKey => ({
    pk: `STATE#${pipeline}`,
    sk: `SCHEDULE#${expression}#${zone}`,
  }),
  audit: (pipeline: string, entry: string): ItemKey => ({ pk: `${auditPrefix}${pipeline}`, sk: entry }),
  lease: (name: string): ItemKey => ({ pk: `LEASE#${name}`, sk: 'LEASE' }),
  /** How things stand with a system outside. */
  circuit: (system: string): ItemKey => ({ pk: circuitPartition, sk: `${circuitPrefix}${system}` }),
  /** What failed in the same way. */
  pattern: (fingerprint: string): ItemKey => ({ pk: 'ERRORS', sk: `${patternPrefix}${fingerprint}` }),
  failureNote: ({ fingerprint, at, id }: { fingerprint: string; at: number; id: string }): ItemKey => ({
    pk: `ERROR#${fingerprint}`,
    sk: `${new Date(at).toISOString()}#${id}`,
  }),
  pointer: (table: string): ItemKey => ({ pk: `TABLE#${table}`, sk: 'POINTER' }),
  commit: (table: string, run: string): ItemKey => ({ pk: `TABLE#${table}`, sk: `RUN#${run}` }),
};

/** Begins the sort keys of batches that files may join. */
export const openBatchPrefix = 'OPEN#';

/** Begins the sort keys of chunk failures. */
export const failurePrefix = 'FAILURE#';

/** The partition of circuits, and the beginning of their sort keys. */
export const circuitPartition = 'CIRCUIT';
export const circuitPrefix = 'SYSTEM#';

/** Begins the sort keys of patterns of failures. */
export const patternPrefix = 'PATTERN#';

/** Begins the partitions of what people did. */
export const auditPrefix = 'AUDIT#';

/** Begins the partitions of runs that are kept. */
export const keptPrefix = 'KEPT#';

/** Begins the sort keys of events. */
export const eventPrefix = 'EVENT#';

/** Begins the sort keys of ledger entries: of a stage, or of all. */
export function ledgerPrefix(stage?: string): string {
  return stage === undefined ? 'LEDGER#' : `LEDGER#${stage}#`;
}

/** Begins the sort keys of claims on one key. */
export function claimPrefix(key: string): string {
  return `FILE#${Buffer.byteLength(key) <= longestKeyBytes ? key : `sha256:${sha256(key)}`}#`;
}

/** Partitions of the index `byTime`. */
export const indexPartitions = {
  all: 'RUNS',
  of: (pipeline: string) => `PIPELINE#${pipeline}`,
  tables: 'TABLES',
  audit: 'AUDIT',
};

function claimSortKey({ key, versionId }: InputVersion): string {
  return shortened(`${claimPrefix(key)}${versionId}`);
}

/** What is too long keeps its kind, which queries ask for. */
function shortened(sortKey: string): string {
  if (Buffer.byteLength(sortKey) <= longestSortKeyBytes) return sortKey;
  return `${sortKey.slice(0, sortKey.indexOf('#'))}#sha256:${sha256(sortKey)}`;
}
