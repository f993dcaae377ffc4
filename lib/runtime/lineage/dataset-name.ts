import { placeOf } from '../../component/output-place.ts';
import type { PlanNode } from '../../component/plan.ts';
import { type PipelineCode, sourceSide } from '../pipeline-code.ts';

/** How OpenLineage names what a node reads or writes: the place and the path in it. */
export interface DatasetName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * A table is named alike by the pipeline that writes it and by those that read its files, so that their lineage joins.
 * @param lake e.g. `s3://penstock-lake`
 */
export function datasetOf(pipeline: PipelineCode, node: PlanNode, lake: string): DatasetName {
  if (node.kind === 'output') return { namespace: lake, name: placeOf(node).slice(0, -1) };
  if (node.kind === 'step') return { namespace: lake, name: node.id };
  const objects = sourceSide(pipeline, node).objects(node.options);
  if ('table' in objects) return { namespace: lake, name: `curated/${objects.table}` };
  const path = ('key' in objects ? objects.key : objects.prefix).replace(/\/+$/, '');
  return { namespace: lake, name: /^curated\/[^/]+/.exec(path)?.[0] ?? path };
}
