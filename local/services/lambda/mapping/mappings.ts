import type { LambdaCore } from '../core.ts';
import type { MappingRecord } from '../state.ts';
import { eventSource, type Poller, type Polling } from './event-source.ts';

type Report = Parameters<Polling['report']>;

/** Runs a poller for every event source mapping that is enabled. */
export class Mappings {
  readonly #core: () => LambdaCore;
  readonly #pollers = new Map<string, Poller>();
  /** By mapping: resolves when the pollers that it had have ended. */
  readonly #stopping = new Map<string, Promise<void>>();

  constructor(core: () => LambdaCore) {
    this.#core = core;
  }

  start(): void {
    for (const mapping of this.#core().state.mappings.values()) this.apply(mapping);
  }

  /** Starts, restarts or stops the poller of a mapping so that it does what the mapping says now. */
  apply(mapping: MappingRecord): void {
    this.remove(mapping.UUID);
    if (mapping.State !== 'Enabled') return;
    const report = (...said: Report) => this.#report(mapping.UUID, ...said);
    const polling = { report, previous: this.#stopping.get(mapping.UUID) ?? Promise.resolve() };
    this.#pollers.set(mapping.UUID, eventSource(mapping.EventSourceArn).poll(this.#core(), mapping, polling));
  }

  /** Stops polling at once; batches under way end by themselves. */
  remove(uuid: string): void {
    const poller = this.#pollers.get(uuid);
    if (!poller) return;
    this.#pollers.delete(uuid);
    const stopped = Promise.all([this.#stopping.get(uuid), poller.stop()]).then(() => {
      if (this.#stopping.get(uuid) === stopped) this.#stopping.delete(uuid);
    });
    this.#stopping.set(uuid, stopped);
  }

  async close(): Promise<void> {
    for (const uuid of [...this.#pollers.keys()]) this.remove(uuid);
    await Promise.all(this.#stopping.values());
  }

  #report(uuid: string, ...[result, because]: Report): void {
    const { state } = this.#core();
    const mapping = state.mappings.get(uuid);
    if (!mapping || mapping.LastProcessingResult === result) return;
    state.mappings.set(uuid, { ...mapping, LastProcessingResult: result });
    if (result === 'OK') return;
    const why = because === undefined ? '' : ` (${because})`;
    process.emitWarning(`event source mapping of ${mapping.FunctionArn}: ${result}${why}`);
  }
}
