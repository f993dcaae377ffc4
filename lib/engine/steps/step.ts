import type { StepNode } from '../../component/plan.ts';
import type { Shape } from '../../component/shape.ts';
import type { StepCount } from '../chunk.ts';
import type { Rejects } from '../rejects.ts';
import { type Relation, relationName } from '../relation.ts';
import type { Session } from '../session.ts';

/** What a step runs on. */
export interface StepInput<Form extends Shape = Shape> {
  readonly session: Session;
  readonly rejects: Rejects;
  readonly node: StepNode;
  /** Position of the node in the plan. */
  readonly ordinal: number;
  readonly shape: Form;
  readonly input: Relation;
  readonly side?: Relation;
  /** Further inputs whose rows flow through the step. */
  readonly others: readonly Relation[];
  /** True where a row of the source may come in by more than one of the inputs. */
  readonly sharesRows?: boolean;
  readonly call?: (row: any) => unknown;
}

export interface StepResult {
  readonly relation: Relation;
  readonly count: StepCount;
  /** What a function of the user took, the way of its rows out and in again included. Absent: the step has none. */
  readonly callMilliseconds?: number;
}

/** The relation that a step leaves. */
export function relationOf(node: StepNode, rows: number, input: Pick<Relation, 'forked' | 'slow'>): Relation {
  const { forked, slow } = input;
  const name = relationName(node.id);
  return { node: node.id, name, columns: node.columns, rows, ...(forked && { forked }), ...(slow && { slow }) };
}
