import type { ScheduleExpression } from '../../core/schedule-times.ts';
import type { AuditEntry } from './audit.ts';

/**
 * `Created`: its first run has come. `Validating`, `Validated`, `Invalid`: what is deployed is looked at before a run
 * begins on it. `Scheduled`: it starts runs. `Paused`: it starts none.
 */
export type PipelineState = 'Created' | 'Validating' | 'Validated' | 'Invalid' | 'Scheduled' | 'Paused';

export interface PipelineRecord {
  readonly pipeline: string;
  readonly state: PipelineState;
  /** Who brought it there. */
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Plan that was looked at last. */
  readonly planDigest?: string;
  /** What is wrong with it, where it is invalid. */
  readonly problem?: string;
  /** Every state that it was in, oldest first. Absent in records from before they were kept. */
  readonly transitions?: readonly { readonly state: PipelineState; readonly by: string; readonly at: number }[];
}

export interface PipelineChange {
  readonly pipeline: string;
  /** States that it must be in; `undefined` where it has no record. */
  readonly from: readonly (PipelineState | undefined)[];
  readonly to: PipelineState;
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly planDigest?: string;
  readonly problem?: string;
  /** Stands in the audit where the change was made, and only there. */
  readonly audit?: AuditEntry;
}

/** A trigger that arrived while its pipeline was paused. */
export interface ParkedTrigger {
  readonly pipeline: string;
  /** Id of the run that it would have started; the same trigger is parked once. */
  readonly run: string;
  /** `TriggerMessage` as JSON. */
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The time of a schedule that was looked at last. */
export interface HandledTime {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Whether it has a run. */
  readonly run: boolean;
  /** When it was looked at, in milliseconds since the epoch. */
  readonly at: number;
}

export interface TimeToHandle extends HandledTime {
  readonly pipeline: string;
  readonly schedule: ScheduleExpression;
  /** The one that was looked at before. */
  readonly before: number | undefined;
  /** Times that are not run, in order; noted in the audit. */
  readonly missed: readonly number[];
}

/** States of pipelines, and what waits for those that are paused. */
export interface PipelineStore {
  /** Undefined where no run of it has begun, and nobody has paused it. */
  find(pipeline: string): Promise<PipelineRecord | undefined>;
  /** False where it is in none of the states that the change starts from; nothing was written. */
  change(change: PipelineChange): Promise<boolean>;
  /** Keeps a trigger for as long as the pipeline is paused; `scheduled`: it is not, and nothing was kept. */
  park(trigger: ParkedTrigger): Promise<'parked' | 'scheduled'>;
  /** In the order of their runs' ids. */
  parked(pipeline: string): Promise<readonly ParkedTrigger[]>;
  /** Undefined where none was. */
  handledTime(pipeline: string, schedule: ScheduleExpression): Promise<HandledTime | undefined>;
  /** False where another time was looked at since; nothing was written. */
  handleTime(time: TimeToHandle): Promise<boolean>;
  unpark(trigger: Pick<ParkedTrigger, 'pipeline' | 'run'>): Promise<void>;
}
