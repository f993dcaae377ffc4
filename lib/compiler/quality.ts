import * as z from 'zod';
import type { OutputNode, PlanNode, QualityRulePlan } from '../component/plan.ts';
import type { RuleReference } from '../component/quality-rule.ts';
import { nearest } from '../core/nearest.ts';
import type { Problem } from '../definition/index.ts';
import { problemsOf } from '../definition/problem.ts';
import type { Typing } from '../engine/typing.ts';
import { problemOf } from './problem-of.ts';

const commonSchema = z.strictObject({
  atLeast: z.number().min(0).max(1).default(0),
  onBreak: z.enum(['review', 'fail']).default('review'),
  table: z.string().optional(),
});

/** Binds each quality rule to the output that it measures. */
export async function planQuality(
  rules: readonly RuleReference[],
  nodes: readonly PlanNode[],
  typing: Typing,
): Promise<{ rules: QualityRulePlan[]; problems: Problem[] }> {
  const outputs = nodes.filter((node): node is OutputNode => node.kind === 'output');
  const problems: Problem[] = [];
  const planned: QualityRulePlan[] = [];
  for (const [index, { rule, options: given, common: givenCommon, at }] of rules.entries()) {
    const part = `quality / ${rule.component}`;
    const options = rule.schema.safeParse(given);
    const common = commonSchema.safeParse(givenCommon);
    if (!options.success)
      problems.push(
        ...problemsOf(options.error, part, at, given, Object.keys((rule.schema as z.ZodObject).shape ?? {})),
      );
    if (!common.success)
      problems.push(...problemsOf(common.error, part, at, givenCommon, Object.keys(commonSchema.shape)));
    if (!options.success || !common.success) continue;
    const columns = rule.columns(options.data);
    const { table, atLeast, onBreak } = common.data;
    const output = outputs.find(
      (one) =>
        (table === undefined || one.table === table) &&
        columns.every((name) => one.columns.some((column) => column.name === name)),
    );
    if (!output) {
      problems.push(noOutput({ part, at, columns, table, outputs }));
      continue;
    }
    const measure = rule.measure(options.data, output.columns);
    if (measure.form === 'count') {
      try {
        await typing.measure(measure.passed, output.columns);
      } catch (error) {
        problems.push(problemOf(error, { at, part }));
        continue;
      }
    }
    planned.push({
      id: `${index + 1}-${rule.component}`,
      component: rule.component,
      dimension: rule.dimension,
      options: options.data as Record<string, unknown>,
      output: output.id,
      atLeast,
      onBreak,
    });
  }
  return { rules: planned, problems };
}

interface Unmeasured {
  readonly part: string;
  readonly at: string | undefined;
  readonly columns: readonly string[];
  readonly table: string | undefined;
  readonly outputs: readonly OutputNode[];
}

function noOutput({ part, at, columns, table, outputs }: Unmeasured): Problem {
  const candidates = outputs.filter((one) => table === undefined || one.table === table);
  if (candidates.length === 0) {
    const tables = outputs.map((one) => one.table);
    return {
      at,
      part,
      problem: `no output writes the table "${table}"`,
      received: table,
      allowed: tables,
      change: didYouMean(table!, tables, 'name a table of this pipeline'),
    };
  }
  const names = [...new Set(candidates.flatMap((one) => one.columns.map((column) => column.name)))];
  const unknown = columns.find((name) => !names.includes(name)) ?? columns[0]!;
  const missing = names.includes(unknown)
    ? 'no single output has all these columns'
    : `no output has a column "${unknown}"`;
  return {
    at,
    part,
    problem: missing,
    received: columns,
    allowed: names,
    change: didYouMean(unknown, names, 'measure columns of one output'),
  };
}

function didYouMean(name: string, candidates: readonly string[], otherwise: string): string {
  const guess = nearest(name, candidates);
  return guess && guess !== name ? `did you mean "${guess}"?` : otherwise;
}
