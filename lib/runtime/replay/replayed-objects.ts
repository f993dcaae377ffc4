import type { Operator } from '../../component/operator.ts';
import { rowsMeetIn, shapeOfStep } from '../../component/shape-of-step.ts';
import { ReplayImpossibleError } from '../../core/errors/replay-impossible-error.ts';
import { type PinnedObject, pinnedInputs } from '../extract/pinned-inputs.ts';
import type { ReplayTrigger } from '../messages.ts';
import { mainSources, outputs, type PipelineCode } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * What a replay reads, held against the plan as it is now.
 * Throws `ReplayImpossibleError` where the plan lacks a source or a table of the rejects, where rows of the replay would
 * have to meet rows that it does not read, or where a person has held rows of the run back; `LedgerImbalanceError`
 * where nobody knows any more what the run has read.
 */
export async function replayedObjects(
  ports: Pick<Ports, 'objects' | 'runs'>,
  pipeline: PipelineCode,
  { of, tables, inputs, whole }: ReplayTrigger,
): Promise<PinnedObject[]> {
  const { plan } = pipeline;
  const published = outputs(plan).map(({ table }) => table);
  const lost = tables.find((table) => !published.includes(table));
  if (lost !== undefined)
    throw impossible(
      `the pipeline does not publish the table "${lost}" any more, to which rejects of ${of} were on their way`,
      { received: lost, allowed: published },
    );
  if (!whole) requireAlone(pipeline);
  const sources = mainSources(plan).map(({ id }) => id);
  // Files of the others that are still there lead to other tables, which keep what they have.
  const apart = mainSources(pipeline.unnarrowed ?? plan).filter(({ id }) => !sources.includes(id));
  const read = whole ? await filesOf(ports, { pipeline: plan.pipeline, run: of }, tables) : [];
  const files = read.filter(({ source }) => apart.every(({ id }) => id !== source));
  const records = inputs.map(({ source, key, size }) => ({ source, key, size, rejects: true as const }));
  const missing = [...files, ...records].find(({ source }) => !sources.includes(source));
  if (missing)
    throw impossible(`the pipeline has no source "${missing.source}" any more, which read rejects of ${of}`, {
      received: missing.source,
      allowed: sources,
    });
  return [...files, ...records];
}

/** A join that hands on rows of its second input would publish them again. */
function requireAlone({ plan, components }: PipelineCode): void {
  const repeating = plan.nodes.find((node) => {
    if (node.kind !== 'step') return false;
    const operator = components[node.component] as Operator | undefined;
    const shape = operator && shapeOfStep(plan, operator, node);
    return shape?.form === 'join' && rowsMeetIn(shape);
  });
  if (!repeating) return;
  throw impossible(
    `"${repeating.id}" hands on rows of its second input that match nothing, and a replay would publish them again`,
    { received: repeating.id, allowed: ['joins that are inner, left, semi or anti'] },
  );
}

/** The files that the run has read, in the versions that it has read. */
async function filesOf(
  { objects, runs }: Pick<Ports, 'objects' | 'runs'>,
  run: { readonly pipeline: string; readonly run: string },
  tables: readonly string[],
): Promise<readonly PinnedObject[]> {
  const released = Object.values((await runs.find(run.run))?.review?.released ?? {});
  const held = released.find(({ table, held }) => held > 0 && tables.includes(table));
  if (held)
    throw impossible(`a person has held rows of ${run.run} back, which making "${held.table}" anew would publish`, {
      received: `${held.held} rows of ${held.table}`,
      allowed: ['runs that were published whole'],
      change:
        'take the rejects on the way to other tables with --rule or --step; correct the others in their file and drop it again',
    });
  return (await pinnedInputs(objects, run)).main;
}

function impossible(
  problem: string,
  {
    received,
    allowed,
    change = 'correct the rows in their file and drop it again, or deploy a pipeline that fits them',
  }: { readonly received: string; readonly allowed: readonly string[]; readonly change?: string },
): ReplayImpossibleError {
  return new ReplayImpossibleError({
    problem,
    received,
    allowed,
    change,
  });
}
