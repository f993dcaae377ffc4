import type { Operator } from '../../component/operator.ts';
import type { StepNode } from '../../component/plan.ts';
import { ReplayImpossibleError } from '../../core/errors/replay-impossible-error.ts';
import type { PinnedObject } from '../extract/pinned-inputs.ts';
import type { ReplayTrigger } from '../messages.ts';
import { mainSources, outputs, type PipelineCode } from '../pipeline-code.ts';

/**
 * What a replay reads, held against the plan as it is now.
 * Throws `ReplayImpossibleError` where the plan lacks a source or a table of the rejects, or would publish other rows
 * once more with them.
 */
export function replayedObjects(pipeline: PipelineCode, { of, tables, inputs }: ReplayTrigger): PinnedObject[] {
  const { plan } = pipeline;
  const sources = mainSources(plan).map(({ id }) => id);
  const missing = inputs.find(({ source }) => !sources.includes(source));
  if (missing)
    throw impossible(`the pipeline has no source "${missing.source}" any more, which read rejects of ${of}`, {
      received: missing.source,
      allowed: sources,
    });
  const published = outputs(plan).map(({ table }) => table);
  const lost = tables.find((table) => !published.includes(table));
  if (lost !== undefined)
    throw impossible(
      `the pipeline does not publish the table "${lost}" any more, to which rejects of ${of} were on their way`,
      { received: lost, allowed: published },
    );
  const repeating = plan.nodes.find((node) => node.kind === 'step' && repeats(pipeline, node));
  if (repeating)
    throw impossible(
      `"${repeating.id}" hands on rows of its second input that match nothing, and a replay would publish them again`,
      { received: repeating.id, allowed: ['joins that are inner, left, semi or anti'] },
    );
  return inputs.map(({ source, key, size }) => ({ source, key, size, rejects: true }));
}

/** A right or full join hands rows on that did not come with the replay. */
function repeats({ plan, components }: PipelineCode, step: StepNode): boolean {
  const columnsOf = (id: string) => plan.nodes.find((one) => one.id === id)?.columns ?? [];
  const inputs = [step.input, ...(step.others ?? [])].map((node) => ({ node, columns: columnsOf(node) }));
  const side = step.side === undefined ? inputs[1]?.columns : columnsOf(step.side);
  const operator = components[step.component] as Operator | undefined;
  const shape = operator?.shape(step.options, { input: inputs[0]!.columns, side, inputs });
  return shape?.form === 'join' && (shape.how === 'right' || shape.how === 'full');
}

function impossible(
  problem: string,
  { received, allowed }: { readonly received: string; readonly allowed: readonly string[] },
): ReplayImpossibleError {
  return new ReplayImpossibleError({
    problem,
    received,
    allowed,
    change: 'correct the rows in their file and drop it again, or deploy a pipeline that fits them',
  });
}
