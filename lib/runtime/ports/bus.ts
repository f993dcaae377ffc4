import type { EventType } from '../events/catalogue.ts';

/** Something that happened to a pipeline or a run, for whoever listens. Delivered at least once, under one id. */
export interface PenstockEvent {
  readonly type: EventType;
  readonly pipeline: string;
  /** Absent where it concerns no run. */
  readonly run?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** As the catalogue of events says for the type. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Where runtime tells what is no change of state: of these the run store itself tells, by whatever writes them. */
export interface Bus {
  publish(event: PenstockEvent): Promise<void>;
}
