import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Arrivals } from './arrivals.ts';
import type { Audit } from './audit.ts';
import type { BackfillStore } from './backfill-store.ts';
import type { Bus } from './bus.ts';
import type { Engine } from './engine.ts';
import type { Executions } from './executions.ts';
import type { Leases } from './leases.ts';
import type { Machine } from './machine.ts';
import type { Meter } from './meter.ts';
import type { ObjectStore } from './object-store.ts';
import type { PipelineStore } from './pipeline-store.ts';
import type { RunStore } from './run-store.ts';
import type { Secrets } from './secrets.ts';
import type { TableCatalog } from './table-catalog.ts';
import type { TaskReporter } from './task-reporter.ts';
import type { TriggerQueue } from './trigger-queue.ts';

/** Everything outside that runtime touches. Each function names those that it needs. */
export interface Ports {
  readonly objects: ObjectStore;
  readonly runs: RunStore;
  readonly leases: Leases;
  readonly tables: TableCatalog;
  readonly bus: Bus;
  readonly tasks: TaskReporter;
  readonly executions: Executions;
  readonly audit: Audit;
  readonly backfills: BackfillStore;
  readonly pipelines: PipelineStore;
  readonly arrivals: Arrivals;
  readonly triggerQueue: TriggerQueue;
  readonly engine: Engine;
  readonly secrets: Secrets;
  readonly machine: Machine;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
}
