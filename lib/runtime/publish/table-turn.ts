import { tableLease } from '../../component/lease-needs.ts';
import { hasEnded } from '../admission/has-ended.ts';
import type { Ports } from '../ports/ports.ts';

type TurnPorts = Pick<Ports, 'leases' | 'runs'>;

/**
 * Makes runs that meet at a table follow one another: of hundreds that each prepare a version of their own, one gets
 * through and the others have worked for nothing. It only spares that work. What keeps a table whole is the condition of
 * its commit.
 */
export class TableTurn {
  readonly #ports: TurnPorts;
  readonly #lease: string;
  readonly #run: string;
  #taken = false;
  /** Fence of the turn that was in the way at the last look. */
  #seen: number | undefined;

  constructor(ports: TurnPorts, table: string, run: string) {
    this.#ports = ports;
    this.#lease = tableLease(table);
    this.#run = run;
  }

  get taken(): boolean {
    return this.#taken;
  }

  /** True: it is this run's turn now. */
  async take(): Promise<boolean> {
    const { leases } = this.#ports;
    const { holders } = await leases.find(this.#lease);
    for (const [holder, fence] of Object.entries(holders)) {
      if (holder === this.#run) continue;
      // Turns are short: only who still has one when it is looked at again may have died with it.
      const seen = this.#seen === fence;
      this.#seen = fence;
      if (!seen || !(await hasEnded(this.#ports, holder))) return false;
      await leases.expire(this.#lease, holder, fence);
    }
    this.#taken = await leases.take(this.#lease, this.#run, 1);
    return this.#taken;
  }

  /** Lets the next run have its turn. Nothing happens where it is not this run's. */
  async release(): Promise<void> {
    await this.#ports.leases.release(this.#lease, this.#run);
    this.#taken = false;
  }
}
