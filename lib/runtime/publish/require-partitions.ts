import { placeOf } from '../../component/output-place.ts';
import type { OutputNode } from '../../component/plan.ts';
import { ReplayImpossibleError } from '../../core/errors/replay-impossible-error.ts';
import { runOfKey } from '../keys.ts';
import type { ReplayTrigger } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import type { TablePointer } from '../ports/table-catalog.ts';
import { filesInPartitions } from './files-in-partitions.ts';
import type { RunFile } from './next-table.ts';

interface Returning {
  readonly node: OutputNode;
  readonly partitionBy: readonly string[];
  readonly replay: ReplayTrigger;
  /** Of the replay. */
  readonly files: readonly RunFile[];
}

/**
 * Where each run replaces partitions, rejects belong to the rows of their own run in their partition. Throws
 * `ReplayImpossibleError` where other rows are there.
 */
export async function requirePartitions(
  { objects, runs }: Pick<Ports, 'objects' | 'runs'>,
  { table, metadata: key }: TablePointer,
  { node, partitionBy, replay, files }: Returning,
): Promise<void> {
  if (key === undefined) return;
  const own = new Set([replay.of]);
  for (const file of await filesInPartitions(objects, key, { partitionBy, files })) {
    const writer = runOfKey(placeOf(node), file.key);
    if (writer !== undefined && own.has(writer)) continue;
    const { trigger } = (writer !== undefined && (await runs.find(writer))) || {};
    if (trigger?.kind !== 'replay' || trigger.of !== replay.of)
      throw new ReplayImpossibleError({
        problem: `a partition of the table "${table}" has other rows by now, so rejects of "${replay.of}" do not belong there any longer`,
        received: writer === undefined ? `${file.key}, which files were merged into` : `rows of ${writer}`,
        allowed: `rows of ${replay.of}`,
        change: 'replay the rejects of the run that has replaced the partition, or let the table be appended to',
      });
    own.add(writer!);
  }
}
