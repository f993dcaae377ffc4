import type { SFNClient } from '@aws-sdk/client-sfn';
import { realClock } from '../core/clock.ts';
import { silentLogger } from '../core/logger.ts';
import { beginBackfill } from '../runtime/backfill/begin-backfill.ts';
import { cancelBackfill } from '../runtime/backfill/cancel-backfill.ts';
import { type BackfillRequest, planBackfill } from '../runtime/backfill/plan-backfill.ts';
import { type BackfillProgress, backfillProgress } from '../runtime/backfill/progress.ts';
import { runBackfill } from '../runtime/backfill/run-backfill.ts';
import type { BackfillRecord, BackfillStore } from '../runtime/ports/backfill-store.ts';
import type { Ports } from '../runtime/ports/ports.ts';
import { deployedMachine } from './deployed-machine.ts';
import { StepFunctionsExecutions } from './step-functions-executions.ts';

export type { BackfillProgress, BackfillRecord };

export interface BackfillSurroundings extends Pick<Ports, 'objects' | 'tables' | 'runs'> {
  readonly backfills: BackfillStore;
  readonly sfn: SFNClient;
  /** Name of the platform, which begins the names of its machines. */
  readonly platform: string;
}

export interface BackfillOnAws extends BackfillRequest {
  readonly parallel: number;
  readonly by: string;
  /** Told once it is open, and whenever a slice has ended. */
  progress?(record: BackfillRecord, progress: BackfillProgress): void;
  /** Once it is given, no further slice begins. */
  readonly signal?: AbortSignal;
}

/** Backfills from outside of the functions. */
export class Backfills {
  readonly #surroundings: BackfillSurroundings;

  constructor(surroundings: BackfillSurroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * Begins a backfill, or goes on with it, to the end of what can be done now. Throws `BackfillRefusedError`,
   * `ParameterInvalidError`.
   */
  async run(request: BackfillOnAws): Promise<{ readonly record: BackfillRecord; readonly progress: BackfillProgress }> {
    const { plan, by, parallel, progress: tell, signal } = request;
    const ports = this.#ports();
    const planned = planBackfill(request, ports.clock.now());
    const { stateMachineArn } = await this.#machine(plan.pipeline);
    const begun = await beginBackfill(ports, plan, planned, by);
    const { record } = begun;
    tell?.(record, await backfillProgress(ports, record));
    const work = { begun, planDigest: plan.digest, stateMachineArn, parallel, ...(signal && { signal }) };
    const progress = await runBackfill(ports, { ...work, progress: (one) => tell?.(record, one) });
    return { record: (await this.find(record.pipeline, record.id)) ?? record, progress };
  }

  async cancel(request: {
    readonly pipeline: string;
    readonly id: string;
    readonly by: string;
  }): Promise<readonly string[]> {
    const { stateMachineArn } = await this.#machine(request.pipeline);
    return cancelBackfill(this.#ports(), { ...request, stateMachineArn });
  }

  find(pipeline: string, id: string): Promise<BackfillRecord | undefined> {
    return this.#surroundings.backfills.find(pipeline, id);
  }

  list(pipeline: string): Promise<readonly BackfillRecord[]> {
    return this.#surroundings.backfills.list(pipeline);
  }

  progress(record: BackfillRecord): Promise<BackfillProgress> {
    return backfillProgress(this.#surroundings, record);
  }

  #machine(pipeline: string) {
    const { sfn, platform } = this.#surroundings;
    return deployedMachine(sfn, `${platform}-${pipeline}`);
  }

  #ports() {
    const { sfn, ...ports } = this.#surroundings;
    return { ...ports, executions: new StepFunctionsExecutions(sfn), clock: realClock(), logger: silentLogger };
  }
}
