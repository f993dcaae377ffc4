import type { QualityRulePlan } from '../../component/plan.ts';
import type { QualityRule } from '../../component/quality-rule.ts';
import type { QualityMeasure } from '../../engine/chunk.ts';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import type { StageInput } from '../messages.ts';
import type { PipelineCode } from '../pipeline-code.ts';
import { type FilesPorts, withRuleFiles } from './rule-files.ts';

/** What a run has written. */
export interface Written {
  readonly entries: readonly LedgerEntry[];
  /** False where it found nothing to read. */
  readonly hasInput: boolean;
}

/** One measure for each rule of the plan: added up where the chunks have counted, else taken from the output's files. */
export async function measureRules(
  ports: FilesPorts,
  pipeline: PipelineCode,
  input: StageInput,
  written: Written,
): Promise<ReadonlyMap<string, QualityMeasure>> {
  const { quality } = pipeline.plan;
  const { entries } = written;
  // A replay is a part of an earlier delivery, and no part comes to what the whole does.
  const isPart = (rule: QualityRulePlan) => input.trigger.kind === 'replay' && comparesGroups(pipeline, rule);
  const measures = new Map<string, QualityMeasure>();
  const counted = Map.groupBy(
    entries.flatMap((entry) => entry.quality),
    ({ rule }) => rule,
  );
  for (const rule of quality) {
    const own = counted.get(rule.id);
    if (isPart(rule)) measures.set(rule.id, { rule: rule.id, total: 0, passed: 0 });
    else if (own)
      measures.set(
        rule.id,
        own.reduce((sum, one) => added(pipeline, rule, sum, one)),
      );
  }
  const left = quality.filter(({ id }) => !measures.has(id));
  for (const output of new Set(left.map((rule) => rule.output))) {
    const rules = left.filter((rule) => rule.output === output);
    for (const measure of await measureFiles(ports, pipeline, input, { ...written, rules }))
      measures.set(measure.rule, measure);
  }
  return measures;
}

function added(
  { plan, components }: PipelineCode,
  rule: QualityRulePlan,
  a: QualityMeasure,
  b: QualityMeasure,
): QualityMeasure {
  const counts = { rule: rule.id, total: a.total + b.total, passed: a.passed + b.passed };
  if (!a.values || !b.values) return counts;
  const { columns } = plan.nodes.find(({ id }) => id === rule.output)!;
  const measure = (components[rule.component] as QualityRule).measure(rule.options, columns);
  const merges = measure.form === 'values' ? measure.values : {};
  const values = Object.entries(a.values).map(([name, value]) => {
    const both = [value, b.values![name] ?? null].filter((one) => one !== null);
    return [name, both.length === 0 ? null : merged[merges[name]!.merge](both)] as const;
  });
  return { ...counts, values: Object.fromEntries(values) };
}

const merged: Readonly<Record<'sum' | 'max' | 'min', (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
};

async function measureFiles(
  ports: FilesPorts,
  pipeline: PipelineCode,
  input: StageInput,
  { rules, entries, hasInput }: Written & { readonly rules: readonly QualityRulePlan[] },
): Promise<readonly QualityMeasure[]> {
  const { plan, components } = pipeline;
  const total = entries
    .flatMap((entry) => entry.files)
    .filter((file) => file.kind === 'table' && file.of === rules[0]!.output)
    .reduce((rows, file) => rows + file.rows, 0);
  // A group that the other side has is missing even from no rows.
  const asked = total > 0 ? rules : hasInput ? rules.filter((rule) => comparesGroups(pipeline, rule)) : [];
  const empty = rules.filter((rule) => !asked.includes(rule)).map(({ id }) => ({ rule: id, total: 0, passed: 0 }));
  if (asked.length === 0) return empty;
  return withRuleFiles(ports, pipeline, { input, rules: asked, entries }, async ({ missing, ...here }) => {
    const measurable = asked.filter(({ id }) => missing[id] === undefined);
    const unmeasured = asked.flatMap(({ id }) =>
      missing[id] === undefined ? [] : [{ rule: id, total, passed: 0, unmeasured: missing[id] }],
    );
    if (measurable.length === 0) return [...empty, ...unmeasured];
    const request = { plan, components, rules: measurable, ...here, ...ports.machine };
    return [...empty, ...unmeasured, ...(await ports.engine.measureQuality(request))];
  });
}

function comparesGroups({ plan, components }: PipelineCode, rule: QualityRulePlan): boolean {
  const { columns } = plan.nodes.find(({ id }) => id === rule.output)!;
  return (components[rule.component] as QualityRule).measure(rule.options, columns).form === 'groups';
}
