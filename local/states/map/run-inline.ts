import { Branch } from '../branch.ts';
import type { BranchProgress } from '../environment.ts';
import type { Json } from '../json.ts';
import { Payload } from '../payload.ts';
import { progressOf, redrivenFrom } from '../progress.ts';
import { recordAbort } from '../record-abort.ts';
import { runBranch } from '../run-branch.ts';
import { Scope } from '../scope.ts';
import { StatesError } from '../states-error.ts';
import type { Visit } from '../visit.ts';
import { mapFields } from './map-fields.ts';
import { stateData } from './map-item.ts';
import { selectItem } from './select-item.ts';

/** AWS runs at most this many iterations of an inline Map side by side. */
const maxInlineConcurrency = 40;

/**
 * Runs the iterations of an inline Map; resolves to their outputs in the order of the items. `earlier`: how far they had
 * come before a redrive.
 */
export async function runInline(visit: Visit, earlier: readonly BranchProgress[]): Promise<Json[]> {
  const { branch } = visit;
  const { items } = await mapFields.items(visit, { members: false });
  const limit = (await mapFields.maxConcurrency(visit)) || maxInlineConcurrency;
  await mapFields.tolerance(visit);
  branch.record('MapStateStarted', { length: items.length });
  const iterations = new Iterations(visit, items, earlier, Math.min(limit, maxInlineConcurrency));
  visit.progress = () => iterations.progress();
  try {
    return await iterations.run();
  } finally {
    branch.inner = [];
  }
}

class Iterations {
  readonly #visit: Visit;
  readonly #items: readonly Json[];
  readonly #earlier: readonly BranchProgress[];
  readonly #limit: number;
  readonly #abort = new AbortController();
  readonly #signal: AbortSignal;
  readonly #outputs: Json[] = [];
  /** The places of the items that have no output yet. */
  readonly #pending: number[] = [];
  readonly #open = new Map<number, Branch>();
  #started = 0;

  constructor(visit: Visit, items: readonly Json[], earlier: readonly BranchProgress[], limit: number) {
    this.#visit = visit;
    this.#items = items;
    this.#limit = limit;
    this.#signal = AbortSignal.any([visit.branch.signal, this.#abort.signal]);
    this.#earlier = earlier;
    this.#outputs.length = items.length;
    for (const index of items.keys()) {
      const progress = earlier[index];
      if (progress && 'output' in progress) this.#outputs[index] = JSON.parse(progress.output);
      else this.#pending.push(index);
    }
    visit.branch.inner = { [Symbol.iterator]: () => this.#open.values() };
  }

  async run(): Promise<Json[]> {
    const { branch } = this.#visit;
    const { history } = branch.run;
    if (this.#pending.length > 0) await this.#runAll();
    history.record('MapStateSucceeded', branch.lastEventId);
    return this.#outputs;
  }

  progress(): BranchProgress[] {
    return this.#items.map((_item, index) => {
      const output = this.#outputs[index];
      if (output !== undefined) return { output: JSON.stringify(output) };
      const iteration = this.#open.get(index);
      return (iteration && progressOf(iteration)) ?? this.#earlier[index] ?? null;
    });
  }

  /** AWS starts as many iterations as may run before the first of them does anything. */
  async #runAll(): Promise<void> {
    const first = Math.min(this.#limit, this.#pending.length);
    const opened: Branch[] = [];
    for (let count = 0; count < first; count++) opened.push(this.#begin(this.#visit.branch.lastEventId));
    await Promise.all(opened.map((branch) => this.#work(branch)));
  }

  /** One slot: its iteration, then further ones while there are items. */
  async #work(slot: Branch): Promise<void> {
    let branch = slot;
    for (;;) {
      const index = branch.mapItem!.index;
      const output = await this.#iterate(branch, index);
      if (this.#signal.aborted) return;
      this.#outputs[index] = output;
      this.#open.delete(index);
      const details = { name: this.#visit.node.name, index };
      this.#visit.branch.lastEventId = branch.run.history.record('MapIterationSucceeded', branch.lastEventId, details);
      if (this.#started >= this.#pending.length) return;
      branch = this.#begin(branch.lastEventId);
    }
  }

  async #iterate(branch: Branch, index: number): Promise<Json> {
    try {
      const item = branch.mapItem!;
      const value = await selectItem(this.#visit, item, item.value);
      const progress = this.#earlier[index];
      const from = progress && 'at' in progress ? redrivenFrom(branch, progress.at) : undefined;
      return (await runBranch(branch, new Payload(value), from)).value;
    } catch (error) {
      await this.#fail(branch, index, error);
      throw error;
    }
  }

  async #fail(failed: Branch, index: number, error: unknown): Promise<void> {
    if (this.#signal.aborted) return;
    const { branch, node } = this.#visit;
    const { history, environment } = branch.run;
    const previous = failed.lastEventId;
    if (error instanceof StatesError && !error.terminal) {
      // What happens to other iterations in the same instant still happens to them.
      await environment.clock.sleep(0, branch.signal);
      if (this.#signal.aborted) return;
      for (const [other, iteration] of [...this.#open].sort(([a], [b]) => a - b)) {
        const type = other === index ? 'MapIterationFailed' : 'MapIterationAborted';
        history.record(type, previous, { name: node.name, index: other });
        recordAbort(iteration, previous);
      }
    }
    branch.lastEventId = previous;
    this.#abort.abort();
  }

  #begin(previousEventId: number): Branch {
    const { branch, node } = this.#visit;
    const index = this.#pending[this.#started++]!;
    const details = { name: node.name, index };
    const iteration = new Branch({
      run: branch.run,
      machine: node.processor!,
      scope: new Scope(branch.scope),
      signal: this.#signal,
      lastEventId: branch.run.history.record('MapIterationStarted', previousEventId, details),
      mapItem: { index, value: this.#items[index], source: stateData },
    });
    this.#open.set(index, iteration);
    return iteration;
  }
}
