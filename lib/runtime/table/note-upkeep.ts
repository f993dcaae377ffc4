import { currentSnapshot } from '../../iceberg/table-metadata.ts';
import type { AuditAction } from '../ports/audit.ts';
import type { Ports } from '../ports/ports.ts';
import { readMetadata, runFact } from '../publish/read-table.ts';
import { pipelineOfRun } from '../run-id.ts';

export interface Upkeep {
  readonly table: string;
  readonly action: Extract<AuditAction, 'rollback' | 'compact' | 'expire' | 'remove-orphans'>;
  readonly by: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * Notes in the audit what somebody has done to a table, under the pipeline whose run made the state that readers see; under
 * the name of the table where another writer made it.
 */
export async function noteUpkeep(
  { objects, tables, audit, clock }: Pick<Ports, 'objects' | 'tables' | 'audit' | 'clock'>,
  { table, action, by, detail }: Upkeep,
): Promise<void> {
  const { metadata } = await tables.pointer(table);
  const run = metadata && currentSnapshot(await readMetadata(objects, metadata))?.summary[runFact];
  const pipeline = run ? pipelineOfRun(run) : table;
  await audit.add({ at: clock.now(), by, action, pipeline, detail: { table, ...detail } });
}
