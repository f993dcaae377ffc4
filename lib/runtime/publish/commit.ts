import type { OutputNode } from '../../component/plan.ts';
import { PlanInconsistentError } from '../../core/errors/plan-inconsistent-error.ts';
import { RunStateError } from '../../core/errors/run-state-error.ts';
import { releaseLeases } from '../admission/release-leases.ts';
import { recordLineage } from '../lineage/record-lineage.ts';
import type { PublishOutput, StageInput } from '../messages.ts';
import { outputs, type PipelineCode } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunRecord } from '../ports/run-store.ts';
import { pipelineOf } from '../replay/narrowed-plan.ts';
import { enter, requireRun } from '../run/enter.ts';
import { claimInputs } from './claim-inputs.ts';
import { commitTable } from './commit-table.ts';
import { writeManifest } from './manifest.ts';
import type { MergePorts } from './merge-into-table.ts';
import { publishedTable } from './publish.ts';

export type CommitPorts = Pick<Ports, 'objects' | 'runs' | 'leases' | 'tables' | 'bus' | 'clock' | 'logger'> &
  MergePorts;

/**
 * Lets readers see what the run made: one conditional step per table. Done again, or after it was half done, it ends the
 * same. Throws `RunStateError`, `InputConsumedError`, `TableBusyError`, `CommitConflictError`.
 */
export async function commit(ports: CommitPorts, code: PipelineCode, input: StageInput): Promise<PublishOutput> {
  const pipeline = pipelineOf(code, input.trigger);
  const record = await commitTables(ports, pipeline, input);
  await releaseLeases(ports, code.plan, input.run);
  await recordLineage(ports, pipeline, input, record);
  return record.publish!;
}

/** The record of the run as it is then. */
async function commitTables(ports: CommitPorts, pipeline: PipelineCode, input: StageInput): Promise<RunRecord> {
  const record = await requireRun(ports, input.run);
  if (record.state === 'Completed' && record.publish) return record;
  requireCompleting(record);
  await claimInputs(ports, input);
  const tables: Record<string, PublishOutput['tables'][string]> = {};
  for (const [id, { rows, metadata: prepared }] of Object.entries(record.publish?.tables ?? {})) {
    const node = outputOf(pipeline, id);
    tables[id] = publishedTable(await commitTable(ports, pipeline, { node, input, record, prepared }), rows);
  }
  for (const [id, { metadata }] of Object.entries(tables))
    await writeManifest(ports, pipeline, { node: outputOf(pipeline, id), metadata });
  const to = { state: 'Completed' } as const;
  const facts = { publish: { ...record.publish, tables }, endedAt: ports.clock.now() };
  const change = { run: input.run, from: [{ state: 'Running', phase: 'Completing' }], to, facts } as const;
  if (!(await ports.runs.change({ ...change, at: ports.clock.now() }))) {
    // Another call was quicker, or the answer to this one was lost: the run ended when that said.
    const earlier = await requireRun(ports, input.run);
    if (earlier.state === 'Completed' && earlier.publish) return earlier;
    await enter(ports, change);
  }
  ports.logger.info('run committed', { run: input.run, tables: Object.values(tables).map(({ table }) => table) });
  const { phase: _ended, ...rest } = record;
  return { ...rest, ...to, ...facts };
}

/** Read and not written: a run that waits for its turn is asked again and again. The claim holds only while it is so. */
function requireCompleting({ run, state, phase }: RunRecord): void {
  if (state === 'Running' && phase === 'Completing') return;
  throw new RunStateError({
    problem: `run "${run}" may not be committed`,
    received: phase ? `${state} (${phase})` : state,
    allowed: 'Running (Completing)',
    change: 'start a new run, or wait until this one has come so far',
  });
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
