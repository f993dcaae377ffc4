import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { QualityRulePlan } from '../../component/plan.ts';
import { concurrently } from '../../core/concurrently.ts';
import type { QualityMeasure } from '../../engine/chunk.ts';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import type { PipelineCode } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { withWorkFolder } from '../work-folder.ts';

type MeasurePorts = Pick<Ports, 'objects' | 'engine' | 'machine'>;

/** One measure for each rule of the plan: added up where the chunks have counted, else taken from the output's files. */
export async function measureRules(
  ports: MeasurePorts,
  pipeline: PipelineCode,
  entries: readonly LedgerEntry[],
): Promise<ReadonlyMap<string, QualityMeasure>> {
  const measures = new Map<string, QualityMeasure>();
  for (const measure of entries.flatMap((entry) => entry.quality)) {
    const { rule, total, passed } = measures.get(measure.rule) ?? { rule: measure.rule, total: 0, passed: 0 };
    measures.set(rule, { rule, total: total + measure.total, passed: passed + measure.passed });
  }
  for (const rule of pipeline.plan.quality) {
    if (!measures.has(rule.id)) measures.set(rule.id, await measureFiles(ports, pipeline, rule, entries));
  }
  return measures;
}

async function measureFiles(
  ports: MeasurePorts,
  pipeline: PipelineCode,
  rule: QualityRulePlan,
  entries: readonly LedgerEntry[],
): Promise<QualityMeasure> {
  const files = entries
    .flatMap((entry) => entry.files)
    .filter((file) => file.kind === 'table' && file.of === rule.output);
  if (files.length === 0) return { rule: rule.id, total: 0, passed: 0 };
  return withWorkFolder(async (folder) => {
    const workFolder = join(folder, 'work');
    await mkdir(workFolder);
    const paths = await concurrently(files, 8, async ({ key }, index) => {
      const path = join(folder, `${index}.parquet`);
      await ports.objects.download({ key }, path);
      return path;
    });
    const { plan, components } = pipeline;
    return ports.engine.measureQuality({ plan, rule, files: paths, workFolder, components, ...ports.machine });
  });
}
