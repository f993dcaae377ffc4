import { placeOf } from '../../component/output-place.ts';
import type { OutputNode } from '../../component/plan.ts';
import { BackfillRefusedError } from '../../core/errors/backfill-refused-error.ts';
import { runOfKey } from '../keys.ts';
import type { BackfillTrigger } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import type { TablePointer } from '../ports/table-catalog.ts';
import { filesInPartitions } from './files-in-partitions.ts';
import type { RunFile } from './next-table.ts';

interface Slice {
  readonly node: OutputNode;
  readonly partitionBy: readonly string[];
  readonly backfill: BackfillTrigger;
  readonly files: readonly RunFile[];
}

/**
 * Where slices of one backfill have parts of one partition, each would put its rows in the place of the others'. Throws
 * `BackfillRefusedError`.
 */
export async function requireOwnPartitions(
  { objects, runs }: Pick<Ports, 'objects' | 'runs'>,
  { table, metadata }: TablePointer,
  { node, partitionBy, backfill, files }: Slice,
): Promise<void> {
  if (metadata === undefined) return;
  const found = await filesInPartitions(objects, metadata, { partitionBy, files });
  const writers = new Set(found.flatMap(({ key }) => runOfKey(placeOf(node), key) ?? []));
  for (const writer of writers) {
    const { trigger } = (await runs.find(writer)) ?? {};
    if (trigger?.kind !== 'backfill' || trigger.of !== backfill.of || trigger.slice === backfill.slice) continue;
    throw new BackfillRefusedError({
      problem: `a partition of "${table}" has rows of another slice of this backfill, in whose place those of this one would come`,
      received: `slice ${backfill.slice}, in a partition with rows of slice ${trigger.slice}`,
      allowed: 'slices that have whole partitions',
      change: 'cancel the backfill, and begin one whose slices are as long as a partition, or a multiple of it',
    });
  }
}
