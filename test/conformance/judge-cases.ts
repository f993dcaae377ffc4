import { apiCase } from './api-case.ts';
import type { ConformanceCase, RecordedSequence } from './conformance-case.ts';
import { emittedEventsCase } from './emitted-events-case.ts';
import { executionCase } from './execution-case.ts';
import { isSequence, type LoadedCases } from './load-cases.ts';
import { patternCase } from './pattern-case.ts';
import { type SequenceVerdict, sequenceCase } from './sequence-case.ts';
import type { Verdict } from './verdict.ts';

/** Runs every case, one after the other. */
export async function* judgeCases({ cases, patterns }: LoadedCases): AsyncGenerator<Verdict> {
  const judges = new CaseJudge([...cases.values()].flat());
  for (const [area, ofArea] of cases) {
    for (const one of ofArea) yield { area, id: one.id, ...(await surviving(groupOf(one), () => judges.judge(one))) };
  }
  for (const pattern of patterns) {
    const judged = await surviving('patterns', async () => ({ outcome: patternCase(pattern) }));
    yield { area: 'event-patterns', id: pattern.id, ...judged };
  }
}

type Judged = Omit<Verdict, 'area' | 'id' | 'group'>;

/** A case that cannot be run fails, and the others go on. */
async function surviving(group: Verdict['group'], judge: () => Promise<Judged>): Promise<Omit<Verdict, 'area' | 'id'>> {
  try {
    return { group, ...(await judge()) };
  } catch (error) {
    return { group, outcome: `the case could not be run: ${(error as Error).stack}` };
  }
}

const executions = new Set(['execution', 'sync_execution', 'express_execution', 'eventbridge_events']);
const calls = new Set(['create_error', 'create_ok', 'validate', 'test_state']);

const groupOf = (one: ConformanceCase | RecordedSequence): Verdict['group'] =>
  !isSequence(one) && executions.has(one.kind) ? 'executions' : 'api';

const skipped = (reason: string): Judged => ({ outcome: `skipped: ${reason}`, skipped: reason });

class CaseJudge {
  readonly #all: readonly (ConformanceCase | RecordedSequence)[];
  readonly #sequences = new Map<string, Promise<SequenceVerdict>>();

  constructor(all: readonly (ConformanceCase | RecordedSequence)[]) {
    this.#all = all;
  }

  async judge(one: ConformanceCase | RecordedSequence): Promise<Judged> {
    if (isSequence(one)) return this.#wholeSequence(one);
    if (one.kind === 'eventbridge_events') return { outcome: await emittedEventsCase(one) };
    if (executions.has(one.kind)) return executionCase(one);
    if (!calls.has(one.kind)) return skipped(`unknown kind: ${one.kind}`);
    return { outcome: (await this.#withinSequence(one)) ?? (await apiCase(one)) };
  }

  async #wholeSequence(sequence: RecordedSequence): Promise<Judged> {
    const services = new Set(sequence.steps.map(({ service }) => service));
    if (services.has('cloudformation')) return skipped('it needs CloudFormation as a service');
    const verdict = await this.#run(sequence);
    if (verdict.size === 0) return skipped('none of its answers was recorded');
    for (const [key, outcome] of verdict) if (outcome !== true) return { outcome: `${key}: ${outcome}` };
    return { outcome: true };
  }

  /** A call that came after others is judged where they were made before it. */
  async #withinSequence({ id, source }: ConformanceCase): Promise<true | string | undefined> {
    const key = id.slice(id.lastIndexOf('.') + 1).replace(/~\d+$/, '');
    for (const one of this.#all) {
      if (!isSequence(one) || one.source.test !== source?.test) continue;
      const outcome = (await this.#run(one)).get(key);
      if (outcome !== undefined) return outcome;
    }
    return undefined;
  }

  #run(sequence: RecordedSequence): Promise<SequenceVerdict> {
    let verdict = this.#sequences.get(sequence.id);
    if (!verdict) {
      verdict = sequenceCase(sequence, this.#lambdasOf(sequence));
      this.#sequences.set(sequence.id, verdict);
    }
    return verdict;
  }

  /** The functions are told in the other cases of the same test. */
  #lambdasOf(sequence: RecordedSequence): ConformanceCase['lambdas'] {
    const ofTest = this.#all.filter((one) => !isSequence(one) && one.source?.test === sequence.source.test);
    return Object.assign({}, ...ofTest.map((one) => (one as ConformanceCase).lambdas));
  }
}
