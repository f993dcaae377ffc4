import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import type { StageInput } from '../messages.ts';
import type { PipelineCode } from '../pipeline-code.ts';
import type { SampleRows } from '../ports/engine.ts';
import { type FilesPorts, withRuleFiles } from './rule-files.ts';
import type { QualityScore } from './score.ts';

/** Rows that stand in a report for each rule, at most. */
const samplesPerRule = 20;

export interface Assessed {
  readonly input: StageInput;
  readonly quality: QualityScore;
  readonly entries: readonly LedgerEntry[];
}

/** Some rows that break each broken rule; of every rule that some row breaks, where a person has to decide. */
export async function sampleRules(
  ports: FilesPorts,
  pipeline: PipelineCode,
  { input, quality, entries }: Assessed,
): Promise<SampleRows> {
  const { plan, components } = pipeline;
  const shown = quality.rules.filter(({ broken, share }) => broken || (quality.gate !== 'pass' && share < 1));
  const rules = plan.quality.filter((rule) => shown.some((one) => one.rule === rule.id && one.total > one.passed));
  const samples: Record<string, SampleRows[string]> = {};
  for (const output of new Set(rules.map((rule) => rule.output))) {
    const ofOutput = rules.filter((rule) => rule.output === output);
    await withRuleFiles(ports, pipeline, { input, rules: ofOutput, entries }, async (here) => {
      const { missing, ...files } = here;
      const request = { plan, components, rules: ofOutput, ...files, limit: samplesPerRule };
      Object.assign(samples, await ports.engine.sampleQuality({ ...request, ...ports.machine }));
    });
  }
  return samples;
}
