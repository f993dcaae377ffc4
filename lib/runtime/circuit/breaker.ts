import { circuitPolicy } from '../../core/circuit-policy.ts';
import { second } from '../../core/durations.ts';
import { CircuitOpenError } from '../../core/errors/circuit-open-error.ts';
import { ServiceUnavailableError } from '../../core/errors/service-unavailable-error.ts';
import { longestDelaySeconds } from '../../core/retryable-errors.ts';
import { failureFields } from '../failure.ts';
import type { Circuit, Circuits } from '../ports/circuits.ts';
import type { Ports } from '../ports/ports.ts';
import { afterFailedProbe, afterFailure, asClosed, asProbe } from './next-circuit.ts';
import { type Finding, findingOf, type Trouble } from './trouble.ts';

type BreakerPorts = Pick<Ports, 'clock' | 'logger' | 'meter'> & {
  readonly circuits: Circuits;
  /** Name of the pipeline that calls. */
  readonly pipeline: string;
};

const mostWrites = 5;

/**
 * Stands before calls to systems outside. While all is well it costs a read now and then; each failed call is a write that
 * all workers share. One that fails again and again is left alone, until one call of all workers, the probe, finds that
 * it answers again.
 */
export class Breaker {
  readonly #ports: BreakerPorts;
  readonly #known = new Map<string, { readonly circuit: Promise<Circuit | undefined>; readonly at: number }>();
  #patience: number = circuitPolicy.patience;

  constructor(ports: BreakerPorts) {
    this.#ports = ports;
  }

  /** From here on nothing is given up after six hours: for work that nobody else would bring to its end. */
  waitHoweverLong(): void {
    this.#patience = Number.POSITIVE_INFINITY;
  }

  /**
   * Calls a system by its name, unless its circuit is open: then it throws `CircuitOpenError`, which says how long to
   * wait; or, after six hours, `ServiceUnavailableError`.
   * @param find what an error of the call says about the system. Default: by the kind of an error of ours
   */
  async call<Result>(
    system: string,
    call: () => Promise<Result>,
    find: (error: unknown) => Finding = findingOf,
  ): Promise<Result> {
    const probe = await this.#admit(system);
    try {
      const result = await call();
      if (probe) await this.#write(asClosed(probe, this.#change(system)));
      return result;
    } catch (error) {
      await this.#learn(system, find(error), probe);
      throw error;
    }
  }

  /** Throws where the system is left alone. Returns the circuit where this call is the probe. */
  async #admit(system: string): Promise<Circuit | undefined> {
    const circuit = await this.#look(system);
    if (!circuit || circuit.state === 'closed') return undefined;
    const now = this.#ports.clock.now();
    if (now < (circuit.retryAt ?? 0)) throw this.#refusal(circuit, now);
    const probe = asProbe(circuit, this.#change(system));
    if (await this.#write(probe)) return probe;
    throw this.#refusal((await this.#look(system)) ?? probe, now);
  }

  /** What is known of a circuit. One that cannot be read holds nobody up. */
  async #look(system: string): Promise<Circuit | undefined> {
    const now = this.#ports.clock.now();
    const known = this.#known.get(system);
    if (known && now - known.at < circuitPolicy.refresh) return known.circuit;
    const circuit = this.#read(system);
    this.#known.set(system, { circuit, at: now });
    return circuit;
  }

  async #read(system: string): Promise<Circuit | undefined> {
    try {
      return await this.#ports.circuits.find(system);
    } catch (error) {
      this.#ports.logger.warn('circuit could not be read', { system, ...failureFields(error) });
      return undefined;
    }
  }

  async #learn(system: string, finding: Finding, probe: Circuit | undefined): Promise<void> {
    if (finding === undefined) return;
    if (finding === 'answered') {
      if (probe) await this.#write(asClosed(probe, this.#change(system)));
      return;
    }
    this.#ports.meter.count('SystemCallsFailed', 1);
    if (probe) await this.#write(afterFailedProbe(probe, finding, this.#change(system)));
    else await this.#count(system, finding);
  }

  /** Others may be counting at the same time; who is late finds the circuit open, or counts once more. */
  async #count(system: string, trouble: Trouble): Promise<void> {
    for (let attempt = 1; attempt <= mostWrites; attempt++) {
      const circuit = await this.#read(system);
      if (circuit && circuit.state !== 'closed') return;
      if (await this.#write(afterFailure(circuit, trouble, this.#change(system)))) return;
    }
  }

  /** False where another worker was faster, or the store does not answer; the call itself is worth more than its count. */
  async #write(circuit: Circuit): Promise<boolean> {
    const { system, state, failures, error } = circuit;
    this.#known.delete(system);
    try {
      if (!(await this.#ports.circuits.change(circuit))) return false;
    } catch (failure) {
      this.#ports.logger.warn('circuit could not be written', { system, ...failureFields(failure) });
      return false;
    }
    if (state === 'closed' && failures > 0) return true;
    this.#ports.logger.warn('circuit changed', { system, state, ...(error !== undefined && { error }) });
    if (state === 'open') this.#ports.meter.count('CircuitsOpened', 1);
    return true;
  }

  #change(system: string) {
    return { system, pipeline: this.#ports.pipeline, at: this.#ports.clock.now() };
  }

  #refusal(circuit: Circuit, now: number): Error {
    const { system, since, state, error = 'a failure', retryAt = now } = circuit;
    this.#ports.meter.count('CallsRefused', 1);
    const received = `${error} since ${new Date(since).toISOString()}`;
    if (now - since > this.#patience)
      return new ServiceUnavailableError({
        problem: `the system "${system}" has not answered for six hours`,
        received,
        change: 'see `npx penstock circuits show`; redrive the run when the system works again',
      });
    const left = state === 'closed' ? 0 : Math.max(0, retryAt - now);
    const wait = state === 'open' ? left : Math.min(left, circuitPolicy.duringProbe);
    // Not all at once: what has just come back would go down again.
    const spread = Math.random() * Math.min(wait / 5, 60 * second);
    return new CircuitOpenError({
      problem: `the system "${system}" is left alone for a while, because it failed again and again`,
      received,
      change: 'nothing: it is tried again by itself; `npx penstock circuits` shows it, and closes it',
      retryAfterSeconds: Math.min(longestDelaySeconds, Math.max(1, Math.ceil((wait + spread) / second))),
    });
  }
}
