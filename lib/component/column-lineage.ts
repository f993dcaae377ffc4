import type { OutputNode, Plan, PlanNode, StepNode } from './plan.ts';
import { upstreamOf } from './upstream.ts';

/** How a value came about on its way; the strongest kind of all steps counts. */
export type Derivation = 'identity' | 'transformation' | 'aggregation';

/** A column of a source, and what became of it on its way to a column further down. */
export interface ColumnOrigin {
  /** Id of the source node. */
  readonly source: string;
  readonly column: string;
  readonly derivation: Derivation;
  /** Steps that made another value of it, first one first. */
  readonly through: readonly string[];
  /** On every way that it took, a step masked it. Absent: it can still be told. */
  readonly masked?: true;
}

/** A column of a source that decides which rows there are, or which rows come together. */
export interface RowInfluence {
  readonly source: string;
  readonly column: string;
  readonly by: 'join' | 'grouping';
}

const strength: readonly Derivation[] = ['identity', 'transformation', 'aggregation'];

/** Walks the lineage of a plan's steps through to the columns of its sources. */
export class ColumnLineage {
  readonly #nodes: ReadonlyMap<string, PlanNode>;
  readonly #known = new Map<string, readonly ColumnOrigin[]>();

  constructor({ nodes }: Pick<Plan, 'nodes'>) {
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
  }

  /** The columns of sources that a column of a node is made of, each once; none for a constant. */
  origins(node: string, column: string): readonly ColumnOrigin[] {
    const name = `${node}:${column}`;
    const known = this.#known.get(name) ?? united(this.#trace(this.#nodes.get(node)!, column));
    this.#known.set(name, known);
    return known;
  }

  /** The columns of sources by which rows are joined and grouped on their way to an output, each once. */
  influences(output: OutputNode): readonly RowInfluence[] {
    const before = upstreamOf({ nodes: [...this.#nodes.values()] }, output.input);
    const found = before.flatMap((node) => (node.kind === 'step' ? this.#influencesOf(node) : []));
    const once = new Map(found.map((one) => [`${one.by}:${one.source}:${one.column}`, one]));
    return [...once.values()];
  }

  #trace(node: PlanNode, column: string): ColumnOrigin[] {
    if (node.kind === 'source') return [{ source: node.id, column, derivation: 'identity', through: [] }];
    if (node.kind === 'output') return this.#traceOutput(node, column);
    const own: Derivation = node.keeps.includes(column)
      ? 'identity'
      : // Only a column that a grouping keeps is the same for all rows of a group.
        node.meetBy === undefined || node.lookupKeys
        ? 'transformation'
        : 'aggregation';
    return (node.lineage[column] ?? []).flatMap((from) =>
      this.origins(...split(from)).map((origin) => ({
        ...origin,
        derivation: stronger(own, origin.derivation),
        through: own === 'identity' ? origin.through : [...origin.through, node.id],
        ...(node.masks?.includes(column) && { masked: true as const }),
      })),
    );
  }

  #traceOutput({ id, input, lineage = {} }: OutputNode, column: string): ColumnOrigin[] {
    if (!Object.hasOwn(lineage, column)) return [...this.origins(input, column)];
    return lineage[column]!.flatMap((from) =>
      this.origins(...split(from)).map((origin) => ({
        ...origin,
        derivation: stronger('transformation', origin.derivation),
        through: [...origin.through, id],
      })),
    );
  }

  #influencesOf(step: StepNode): RowInfluence[] {
    const of = (node: string, columns: readonly string[], by: RowInfluence['by']) =>
      columns.flatMap((column) => this.origins(node, column).map(({ source, column }) => ({ source, column, by })));
    const { input, side, others, lookupKeys, meetBy } = step;
    const other = side ?? others?.[0];
    if (lookupKeys && other !== undefined)
      return [...of(input, lookupKeys.input, 'join'), ...of(other, lookupKeys.side, 'join')];
    return of(input, meetBy ?? [], 'grouping');
  }
}

/** A column's name may hold a colon; a node's id may not. */
function split(from: string): [node: string, column: string] {
  const colon = from.indexOf(':');
  return [from.slice(0, colon), from.slice(colon + 1)];
}

function united(origins: readonly ColumnOrigin[]): ColumnOrigin[] {
  const once = new Map<string, ColumnOrigin>();
  for (const origin of origins) {
    const name = `${origin.source}:${origin.column}`;
    const same = once.get(name);
    const { masked, ...open } = origin;
    once.set(
      name,
      same
        ? {
            ...(same.masked ? origin : open),
            derivation: stronger(same.derivation, origin.derivation),
            through: [...new Set([...same.through, ...origin.through])],
          }
        : origin,
    );
  }
  return [...once.values()];
}

function stronger(a: Derivation, b: Derivation): Derivation {
  return strength[Math.max(strength.indexOf(a), strength.indexOf(b))]!;
}
