import type { Column, OutputNode, PlanNode, QualityRulePlan } from '../component/plan.ts';
import { type RuleReference, ruleOptionsSchema } from '../component/quality-rule.ts';
import { nearest } from '../core/nearest.ts';
import type { DefinitionNode, Problem } from '../definition/index.ts';
import { problemsOf } from '../definition/problem.ts';
import { referenceNodes } from '../definition/references.ts';
import { isAboutUnknown } from '../engine/types/unknown-type.ts';
import type { Typing } from '../engine/typing.ts';
import { checkMeasure } from './check-rule.ts';
import { problemOf } from './problem-of.ts';

/** Binds each quality rule to the output that it measures. */
export async function planQuality(
  references: readonly RuleReference[],
  nodes: readonly PlanNode[],
  typing: Typing,
): Promise<{ rules: QualityRulePlan[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const rules: QualityRulePlan[] = [];
  for (const [index, reference] of references.entries()) {
    const { rule } = reference;
    const part = `quality / ${rule.component}`;
    const checked = ruleOptions(reference);
    if (checked.problems) {
      problems.push(...checked.problems);
      continue;
    }
    const { options, common } = checked;
    const { table, atLeast, onBreak } = common;
    const bound = await bind(reference, { options, table, part, nodes, typing });
    if ('problem' in bound) {
      problems.push(bound.problem);
      continue;
    }
    const history = rule.history?.(options);
    rules.push({
      id: `${index + 1}-${rule.component}`,
      component: rule.component,
      dimension: rule.dimension,
      options,
      ...bound,
      ...(history && { history }),
      // A rule that judges all rows at once holds or does not: 1 is its only useful share.
      atLeast: atLeast ?? (rule.judge ? 1 : 0),
      onBreak,
    });
  }
  return { rules, problems };
}

/**
 * Whether rules can be planned though steps have mistakes: where all nodes are there that rules may be about, as one that is
 * missing may be the one that was meant.
 */
export function canBind(
  rules: readonly RuleReference[],
  wanted: readonly Pick<DefinitionNode, 'id' | 'kind'>[],
  nodes: readonly PlanNode[],
): boolean {
  const outputs = wanted.filter(({ kind }) => kind === 'output').map(({ id }) => id);
  const sides = rules.map(({ side }) => side).filter((side) => typeof side === 'string');
  return [...outputs, ...sides].every((id) => nodes.some((node) => node.id === id));
}

/**
 * What is wrong with rules where not all nodes are there that they may be about: of those that name a table that is there,
 * everything; of the others their options alone.
 */
export async function problemsAsFarAsKnown(
  references: readonly RuleReference[],
  nodes: readonly PlanNode[],
  typing: Typing,
): Promise<readonly Problem[]> {
  const isKnown = ({ side, ...reference }: RuleReference) => {
    const table = ruleOptions(reference).common?.table;
    const named = nodes.some((node) => node.kind === 'output' && table !== undefined && node.table === table);
    return named && (side === undefined || nodes.some(({ id }) => id === side));
  };
  const problems: Problem[] = [];
  for (const reference of references) {
    const planned = isKnown(reference) ? await planQuality([reference], nodes, typing) : ruleOptions(reference);
    problems.push(...(planned.problems ?? []));
  }
  return problems;
}

/** The options of a rule, as the schemas return them, or what is wrong with them. */
export function ruleOptions({ rule, options: given, common: givenCommon, locate, at }: RuleReference) {
  const part = `quality / ${rule.component}`;
  const place = locate ?? at;
  const options = rule.schema.safeParse(given);
  const common = ruleOptionsSchema.safeParse(givenCommon);
  if (options.success && common.success)
    return { options: options.data as Record<string, unknown>, common: common.data };
  return {
    problems: [
      ...(options.success ? [] : problemsOf(options.error, part, place, given, rule.schema)),
      ...(common.success ? [] : problemsOf(common.error, part, place, givenCommon, ruleOptionsSchema)),
    ],
  };
}

interface Binding {
  /** As the rule's schema returned them. */
  readonly options: unknown;
  readonly table: string | undefined;
  readonly part: string;
  readonly nodes: readonly PlanNode[];
  readonly typing: Typing;
}

type Bound = Pick<QualityRulePlan, 'output' | 'side' | 'against'> | { readonly problem: Problem };

async function bind({ rule, side, at }: RuleReference, binding: Binding): Promise<Bound> {
  const { options, table, part, nodes, typing } = binding;
  const outputs = nodes.filter((node): node is OutputNode => node.kind === 'output');
  const columns = rule.columns(options);
  const candidates = outputs.filter((one) => (table === undefined || one.table === table) && hasAll(one, columns));
  if (candidates.length === 0) return { problem: noOutput({ part, at, columns, table, outputs }) };
  const others = othersOf({ rule, side, at }, binding);
  if ('problem' in others) return others;
  let first: Problem | undefined;
  // A rule that names no columns says by its expression which output it is for.
  for (const output of columns.length > 0 ? candidates.slice(0, 1) : candidates) {
    try {
      const own = output.columns;
      await checkMeasure(rule.measure(options, own), { own, others: others.columns }, typing);
      return { output: output.id, ...others.from };
    } catch (error) {
      // A rule about a column that nobody could type holds for it, as far as anyone knows.
      if (isAboutUnknown(error)) return { output: output.id, ...others.from };
      first ??= problemOf(error, { at, part });
    }
  }
  return { problem: first! };
}

type Others =
  | { readonly problem: Problem }
  | { readonly columns?: readonly Column[]; readonly from: Pick<QualityRulePlan, 'side' | 'against'> };

/** Where the rows come from that a rule holds its own against. */
function othersOf({ rule, side, at }: Pick<RuleReference, 'rule' | 'side' | 'at'>, binding: Binding): Others {
  const { options, part, nodes } = binding;
  const others = rule.others?.(options);
  if (!others) return { from: {} };
  if (others.table !== undefined) {
    const output = nodes.find((node): node is OutputNode => node.kind === 'output' && node.table === others.table);
    return { columns: output?.columns, from: { against: others.table } };
  }
  const node = nodes.find(({ id }) => id === side);
  if (node && referenceNodes(nodes).has(node.id)) return { columns: node.columns, from: { side: node.id } };
  return {
    problem: {
      at,
      part,
      problem: node ? `the other dataset "${node.id}" flows to an output as well` : 'there is no other dataset',
      received: node?.id ?? 'nothing',
      allowed: 'a dataset whose sources are read for this purpose only, or whole by every run, or a table',
      change: node
        ? 'read it from a source of its own, with a second from(), or name the table that it is written to'
        : 'give a dataset made by from() or pipe(), or { table }',
    },
  };
}

function hasAll(output: OutputNode, names: readonly string[]): boolean {
  return names.every((name) => output.columns.some((column) => column.name === name));
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
