import type { Plan, StepNode } from '../component/plan.ts';
import { quoted } from '../component/shape.ts';
import { rowInputs, upstreamOf } from '../component/upstream.ts';
import { besideRows, type Relation } from './relation.ts';
import type { Session } from './session.ts';

/** Of as many views as there are nodes none is planned twice. So many times as many cost DuckDB tens of milliseconds. */
const mostTimes = 8;

/**
 * Counts the views that DuckDB plans for the rows of a step: each anew wherever it is read. Views stand for steps; where
 * the ways part and meet again, time after time, they double with each meeting. Then the rows are kept.
 */
export class FewViews {
  readonly #session: Session;
  readonly #plan: Plan;
  readonly #views = new Map<string, number>();

  constructor(session: Session, plan: Plan) {
    this.#session = session;
    this.#plan = plan;
  }

  /** The relation that a step leaves, or one of its rows kept. */
  async keep({ id, input, side, others = [] }: StepNode, relation: Relation): Promise<Relation> {
    const before = [input, ...(side === undefined ? [] : [side]), ...others];
    const views = before.reduce((sum, one) => sum + (this.#views.get(one) ?? 1), 1);
    const areMany = views > mostTimes * upstreamOf(this.#plan, id, rowInputs).length;
    this.#views.set(id, areMany ? 1 : views);
    if (!areMany) return relation;
    const [kept, name] = [quoted(`kept ${id}`), quoted(`node ${id}, kept`)];
    await this.#session.run(`CREATE TABLE ${kept} AS FROM ${relation.name}`);
    await this.#session.run(`CREATE VIEW ${name} AS FROM ${besideRows(kept)}`);
    return { ...relation, name };
  }
}
