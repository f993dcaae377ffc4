/** Something that happened, for whoever listens. Delivered at least once. */
export interface RunEvent {
  readonly type:
    | 'PipelineStarted'
    | 'PipelineCompleted'
    | 'PipelineFailed'
    | 'PipelineCancelled'
    | 'QualityChecked'
    | 'QualityAlert'
    | 'SchemaDrifted'
    | 'LineageRecorded'
    | 'ReviewRequested'
    | 'ReviewDecided';
  readonly pipeline: string;
  readonly run: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Bus {
  publish(event: RunEvent): Promise<void>;
}
