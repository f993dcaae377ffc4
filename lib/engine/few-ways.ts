import type { StepNode } from '../component/plan.ts';
import { quoted } from '../component/shape.ts';
import { besideRows, type Relation } from './relation.ts';
import type { Session } from './session.ts';

/** DuckDB plans a view anew wherever it is read: so many ways to the rows of one cost it tens of milliseconds. */
const mostWays = 32;

/**
 * Counts the ways on which a step reads what is before it. Views stand for steps; where the ways part and meet again, time
 * after time, they double with each meeting, and so does what DuckDB has to plan. Then the rows are kept.
 */
export class FewWays {
  readonly #session: Session;
  readonly #ways = new Map<string, number>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** The relation that a step leaves, or one of its rows kept. */
  async keep({ id, input, side, others = [] }: StepNode, relation: Relation): Promise<Relation> {
    const before = [input, ...(side === undefined ? [] : [side]), ...others];
    const ways = before.reduce((sum, one) => sum + (this.#ways.get(one) ?? 1), 0);
    this.#ways.set(id, ways > mostWays ? 1 : ways);
    if (ways <= mostWays) return relation;
    const [kept, name] = [quoted(`kept ${id}`), quoted(`node ${id}, kept`)];
    await this.#session.run(`CREATE TABLE ${kept} AS FROM ${relation.name}`);
    await this.#session.run(`CREATE VIEW ${name} AS FROM ${besideRows(kept)}`);
    return { ...relation, name };
  }
}
