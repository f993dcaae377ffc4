import type { SourceNode } from '../../component/plan.ts';
import type { StepCount } from '../../engine/chunk.ts';
import { damagedRule } from '../../engine/read/damaged-rule.ts';
import { pinnedInputs } from '../extract/pinned-inputs.ts';
import type { ChunkItem, StageInput } from '../messages.ts';
import { outputs, type PipelineCode, sourcesOf } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import type { RuleScore } from './score.ts';

export interface FilesRead {
  /** Chunks of the run. */
  readonly planned: readonly ChunkItem[];
  /** What became of the rows of all of them, by node. */
  readonly counts: ReadonlyMap<string, StepCount>;
}

/**
 * What damaged files, of which no row was read, are to the gate: a score for each source that has some and each table
 * that is made of its rows. No rule over rows can miss rows that nobody has seen. Of a file in several chunks each part
 * counts. Of a replay nothing is said: the run that it belongs to was judged with those files.
 */
export async function wholeFiles(
  { objects }: Pick<Ports, 'objects'>,
  { plan }: PipelineCode,
  input: StageInput,
  { planned, counts }: FilesRead,
): Promise<readonly RuleScore[]> {
  const damagedOf = (source: string) => counts.get(source)?.rules[damagedRule] ?? 0;
  const sources = plan.nodes.filter((node): node is SourceNode => node.kind === 'source' && damagedOf(node.id) > 0);
  if (sources.length === 0 || input.trigger.kind === 'replay') return [];
  const { references } = await pinnedInputs(objects, input);
  const read = [...references, ...planned.flatMap(({ inputs = [] }) => inputs)];
  return sources.flatMap((source) => {
    const damaged = damagedOf(source.id);
    const total = Math.max(damaged, read.filter((file) => file.source === source.id).length);
    const fed = outputs(plan).filter(({ id }) => sourcesOf(plan, id).includes(source));
    return fed.map(({ id, table }) => ({
      rule: `whole-files-${source.id}-${table}`,
      component: 'whole-files',
      dimension: 'completeness' as const,
      output: id,
      table,
      options: { source: source.id },
      total,
      passed: total - damaged,
      share: (total - damaged) / total,
      atLeast: 1,
      broken: true,
      onBreak: 'warn' as const,
      observed: `${damaged} of ${total} files are damaged, and no row of them was read`,
      allowed: 'files that are whole',
    }));
  });
}
