import type { Cloud } from '../../service.ts';
import type { Concurrency } from './concurrency.ts';
import type { Environments } from './environment/environments.ts';
import type { EventQueue } from './invocation/event-queue.ts';
import type { LambdaSettings } from './lambda-options.ts';
import type { Mappings } from './mapping/mappings.ts';
import type { LambdaState } from './state.ts';

/** What the operations of Lambda share. */
export interface LambdaCore {
  readonly cloud: Cloud;
  readonly settings: LambdaSettings;
  readonly state: LambdaState;
  readonly pool: Environments;
  readonly concurrency: Concurrency;
  readonly queue: EventQueue;
  readonly mappings: Mappings;
}
