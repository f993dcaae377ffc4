import type { OutputNode, PlanNode, QualityRulePlan, StagePlan } from '../component/plan.ts';
import { restrictedColumns } from '../component/restricted-columns.ts';
import type { Definition, Problem } from '../definition/index.ts';

interface Planned {
  readonly definition: Pick<Definition, 'nodes' | 'quality'>;
  readonly nodes: readonly PlanNode[];
  readonly stages: readonly StagePlan[];
  /** Those of the definition, one by one. */
  readonly rules: readonly QualityRulePlan[];
}

/** A restricted value stands in rows only. What a run writes down of its rows elsewhere must not be made of one. */
export function disclosureProblems(planned: Planned): Problem[] {
  return [...folderProblems(planned), ...rangeProblems(planned), ...ruleProblems(planned)];
}

function folderProblems({ definition, nodes }: Planned): Problem[] {
  return nodes
    .filter((node): node is OutputNode => node.kind === 'output')
    .flatMap((node) => {
      const output = definition.nodes.find(({ id }) => id === node.id);
      if (output?.kind !== 'output') return [];
      const closed = restrictedColumns(node);
      const sink = output.connector.sink!;
      const made = new Map(sink.transforms?.(node.options).map(({ name, column }) => [name, column]));
      return sink
        .partitionBy(node.options)
        .map((name) => made.get(name) ?? name)
        .filter((column) => closed.has(column))
        .map((column): Problem => {
          const part = `${node.id} / partitionBy`;
          return told(output.at, part, column, 'partitionBy', 'its values would be names of folders');
        });
    });
}

function rangeProblems({ definition, nodes, stages }: Planned): Problem[] {
  return stages
    .flatMap(({ exchanges }) => exchanges)
    .flatMap(({ node, ranges = [], feeds }) => {
      const closed = restrictedColumns(nodes.find(({ id }) => id === node)!);
      const at = definition.nodes.find(({ id }) => id === feeds.step)?.at;
      const why = 'the bounds of its ranges would stand in the ledger';
      return ranges
        .filter(({ column }) => closed.has(column))
        .map(({ column }) => told(at, feeds.step, column, 'the order of a table', why));
    });
}

function ruleProblems({ definition, nodes, rules }: Planned): Problem[] {
  return rules.flatMap(({ id, output, options, component }, index) => {
    const { rule, at } = definition.quality[index]!;
    const node = nodes.find((one) => one.id === output)!;
    const { form } = rule.measure(options, node.columns);
    if (form !== 'profile' && form !== 'values') return [];
    const closed = restrictedColumns(node);
    return rule
      .columns(options)
      .filter((column) => closed.has(column))
      .map((column) => told(at, `quality / ${id}`, column, component, 'its values would stand in the report'));
  });
}

function told(at: string | undefined, part: string, column: string, use: string, why: string): Problem {
  return {
    at,
    part,
    problem: `the column "${column}" is restricted and cannot be used for ${use}: ${why}`,
    received: column,
    allowed: 'columns that are confidential or less confined',
    change: `take a column without it, or mask "${column}" before`,
  };
}
