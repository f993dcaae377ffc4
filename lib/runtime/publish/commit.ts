import type { OutputNode } from '../../component/plan.ts';
import { second } from '../../core/durations.ts';
import { CommitConflictError } from '../../core/errors/commit-conflict-error.ts';
import { PlanInconsistentError } from '../../core/errors/plan-inconsistent-error.ts';
import { releaseLeases } from '../admission/release-leases.ts';
import { readLedger } from '../ledger/ledger.ts';
import { recordLineage } from '../lineage/record-lineage.ts';
import type { PublishOutput, StageInput } from '../messages.ts';
import { outputs, type PipelineCode } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import type { TableCommit, TablePointer } from '../ports/table-catalog.ts';
import { pipelineOf } from '../replay/narrowed-plan.ts';
import { enter, requireRun } from '../run/enter.ts';
import { claimInputs } from './claim-inputs.ts';
import { writeManifest } from './manifest.ts';
import type { MergePorts } from './merge-into-table.ts';
import { preparedCommit, prepareTable } from './prepare-table.ts';
import { publishedTable } from './publish.ts';
import { publishingEnded } from './publishing-ended.ts';
import { runFiles } from './run-files.ts';

export type CommitPorts = Pick<Ports, 'objects' | 'runs' | 'leases' | 'tables' | 'bus' | 'clock' | 'logger'> &
  MergePorts;

const mostAttempts = 8;

/**
 * Lets readers see what the run made: one conditional step per table. Done again, or after it was half done, it ends the
 * same. Throws `RunStateError`, `InputConsumedError`, `CommitConflictError`.
 */
export async function commit(ports: CommitPorts, code: PipelineCode, input: StageInput): Promise<PublishOutput> {
  const pipeline = pipelineOf(code, input.trigger);
  const output = await commitTables(ports, pipeline, input);
  await releaseLeases(ports, code.plan, input.run);
  await recordLineage(ports, pipeline, input);
  return output;
}

async function commitTables(ports: CommitPorts, pipeline: PipelineCode, input: StageInput): Promise<PublishOutput> {
  const record = await requireRun(ports, input.run);
  if (record.state === 'Completed' && record.publish) return record.publish;
  await enter(ports, {
    run: input.run,
    from: [{ state: 'Running', phase: 'Completing' }],
    to: { state: 'Running', phase: 'Completing' },
  });
  await claimInputs(ports, input);
  const tables: Record<string, PublishOutput['tables'][string]> = {};
  for (const [id, { rows, metadata: prepared }] of Object.entries(record.publish?.tables ?? {})) {
    const node = outputOf(pipeline, id);
    tables[id] = publishedTable(await commitTable(ports, pipeline, { node, input, prepared }), rows);
  }
  for (const [id, { metadata }] of Object.entries(tables))
    await writeManifest(ports, pipeline, { node: outputOf(pipeline, id), metadata });
  const output: PublishOutput = { ...record.publish, tables };
  await enter(ports, {
    run: input.run,
    from: [{ state: 'Running', phase: 'Completing' }, { state: 'Completed' }],
    to: { state: 'Completed' },
    facts: { publish: output, endedAt: ports.clock.now() },
  });
  ports.logger.info('run committed', { run: input.run, tables: Object.values(tables).map(({ table }) => table) });
  return output;
}

async function commitTable(
  ports: CommitPorts,
  pipeline: PipelineCode,
  { node, input, prepared }: { readonly node: OutputNode; readonly input: StageInput; readonly prepared: string },
): Promise<TableCommit> {
  const { run } = input;
  const ready = await preparedCommit(ports, node.table, prepared);
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const done = await ports.tables.commitOf(node.table, run);
    if (done) return done;
    const pointer = await ports.tables.pointer(node.table);
    const next =
      pointer.version + 1 === ready.version ? ready : await prepareAgain(ports, pipeline, pointer, { node, input });
    const outcome = await ports.tables.commit(next);
    if (outcome === 'committed') return next;
    if (outcome === 'refused') throw publishingEnded(run);
    if (outcome === 'conflict') await ports.clock.sleep(Math.random() * Math.min(2 ** attempt * 100, 5 * second));
  }
  throw new CommitConflictError({
    problem: `other runs moved the table "${node.table}" on each time`,
    received: `${mostAttempts} lost races`,
    change: 'try again, or let fewer runs publish the same table at a time',
  });
}

/** Another run has moved the table on since the version was prepared. */
async function prepareAgain(
  ports: CommitPorts,
  pipeline: PipelineCode,
  pointer: TablePointer,
  { node, input }: { readonly node: OutputNode; readonly input: StageInput },
): Promise<TableCommit> {
  const files = runFiles(await readLedger(ports, input.run), node.id);
  return prepareTable(ports, pipeline, pointer, { node, input, files });
}

function outputOf(pipeline: PipelineCode, id: string): OutputNode {
  const node = outputs(pipeline.plan).find((candidate) => candidate.id === id);
  if (node) return node;
  throw new PlanInconsistentError({
    problem: 'the run prepared a table for an output that the plan does not have (any more)',
    received: id,
    allowed: outputs(pipeline.plan).map((candidate) => candidate.id),
    change: 'deploy the plan that the run was started with and repeat Commit',
  });
}
