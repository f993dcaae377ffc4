import { isMoreConfined, moreConfined } from '../component/classifications.ts';
import type { Classification, ContractField, OutputNode, PlanNode } from '../component/plan.ts';
import type { DefinitionNode, Problem } from '../definition/index.ts';

/** What a sink may hold that says nothing else. */
const clearedByDefault: Classification = 'confidential';
/** What is left of a value in a masked one: it still stands for the same person or thing. */
const masked: Classification = 'confidential';

/**
 * The same nodes with the classification of their columns, from the contracts to the sinks: a column is as confined as
 * the most confined one that it is made of, unless a step masks it, or the user's own function says of its columns what
 * they are.
 */
export function classifyNodes(nodes: readonly PlanNode[], definitions: readonly DefinitionNode[]): PlanNode[] {
  const known = new Map<string, PlanNode>();
  for (const node of nodes) {
    const entries = node.columns.flatMap(({ name }): [string, Classification][] => {
      const found = classificationOf(node, name, { known, definitions });
      return found === undefined ? [] : [[name, found]];
    });
    known.set(node.id, entries.length > 0 ? { ...node, classified: Object.fromEntries(entries) } : node);
  }
  return [...known.values()];
}

interface Surroundings {
  readonly known: ReadonlyMap<string, PlanNode>;
  readonly definitions: readonly DefinitionNode[];
}

function classificationOf(
  node: PlanNode,
  column: string,
  { known, definitions }: Surroundings,
): Classification | undefined {
  const at = (id: string, name: string) => {
    const classified = known.get(id)?.classified;
    return classified && Object.hasOwn(classified, name) ? classified[name] : undefined;
  };
  if (node.kind === 'source') return node.contract.fields.find(({ name }) => name === column)?.classification;
  const lineage = node.lineage ?? {};
  if (node.kind === 'output' && !Object.hasOwn(lineage, column)) return at(node.input, column);
  const said = returnedFields(node, definitions)?.find(({ name }) => name === column)?.classification;
  if (said !== undefined) return said;
  const confined = (lineage[column] ?? []).reduce<Classification | undefined>((most, from) => {
    const colon = from.indexOf(':');
    return moreConfined(most, at(from.slice(0, colon), from.slice(colon + 1)));
  }, undefined);
  const isMasked =
    node.kind === 'step' && node.masks?.includes(column) && confined !== undefined && isMoreConfined(confined, masked);
  return isMasked ? masked : confined;
}

/** Columns that the user's own function returns. */
function returnedFields(node: PlanNode, definitions: readonly DefinitionNode[]): readonly ContractField[] | undefined {
  const definition = definitions.find(({ id }) => id === node.id);
  const option = definition?.kind === 'step' ? definition.operator.returnsOption : undefined;
  return option === undefined ? undefined : (node.options[option] as readonly ContractField[]);
}

/** Columns that reach a sink which is not cleared for them. */
export function clearanceProblems(nodes: readonly PlanNode[], definitions: readonly DefinitionNode[]): Problem[] {
  return nodes
    .filter((node): node is OutputNode => node.kind === 'output')
    .flatMap(({ id, classified = {}, options }) => {
      const definition = definitions.find((one) => one.id === id);
      if (definition?.kind !== 'output') return [];
      const { connector, at } = definition;
      const cleared = connector.sink!.clearedFor?.(options) ?? clearedByDefault;
      return Object.entries(classified)
        .filter(([, one]) => isMoreConfined(one, cleared))
        .map(
          ([column, one]): Problem => ({
            at,
            part: `${id} / ${column}`,
            problem: `the column "${column}" is ${one}, and the sink is not cleared for it`,
            received: one,
            allowed: `columns that are ${cleared} or less confined`,
            change: `mask "${column}" before, leave it out with select, or clear the sink: clearedFor: '${one}'`,
          }),
        );
    });
}
