/** Whether a pipeline starts runs. */
export interface PipelineRecord {
  readonly pipeline: string;
  readonly state: 'Scheduled' | 'Paused';
  /** Who brought it there. */
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
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

/** Pipelines that somebody has paused, and what waits for them. */
export interface PipelineStore {
  /** Undefined where nobody has ever paused it: it is scheduled. */
  find(pipeline: string): Promise<PipelineRecord | undefined>;
  /** False where it is in that state already; nothing was written. */
  change(record: PipelineRecord): Promise<boolean>;
  /** Keeps a trigger for as long as the pipeline is paused; `scheduled`: it is not, and nothing was kept. */
  park(trigger: ParkedTrigger): Promise<'parked' | 'scheduled'>;
  /** In the order of their runs' ids. */
  parked(pipeline: string): Promise<readonly ParkedTrigger[]>;
  unpark(trigger: Pick<ParkedTrigger, 'pipeline' | 'run'>): Promise<void>;
}
