import type { Cloud, Operation, Service } from '../../service.ts';
import { removeLeftovers } from './code/remove-leftovers.ts';
import { Concurrency } from './concurrency.ts';
import type { LambdaCore } from './core.ts';
import { EnvironmentPool } from './environment/pool.ts';
import { ProcessGuard } from './environment/process-guard.ts';
import { lambdaHttp } from './http.ts';
import { EventQueue } from './invocation/event-queue.ts';
import { type LambdaOptions, withDefaults } from './lambda-options.ts';
import { Mappings } from './mapping/mappings.ts';
import { deliverFromStream, streamDelivery } from './mapping/stream-delivery.ts';
import { operations } from './operations/index.ts';
import { lambdaPermissions } from './permissions.ts';
import { openState } from './state.ts';

/** AWS Lambda: functions run in processes of their own behind the real Runtime API, unless the options say otherwise. */
export function createLambda(cloud: Cloud, options: LambdaOptions = {}): Service {
  const settings = withDefaults(options);
  const { environments } = options;
  const state = openState(cloud);
  const guard = new ProcessGuard();
  const core: LambdaCore = {
    cloud,
    settings,
    state,
    pool: environments?.({ cloud, settings }) ?? new EnvironmentPool({ cloud, settings, guard }),
    concurrency: new Concurrency(state, settings.accountConcurrency),
    queue: new EventQueue(() => core),
    mappings: new Mappings(() => core),
  };
  const bound = Object.entries(operations).map(([name, create]): [string, Operation] => [name, create(core)]);
  return {
    name: 'lambda',
    operations: { ...Object.fromEntries(bound), [streamDelivery]: deliverFromStream(core) },
    permissions: lambdaPermissions(core),
    http: lambdaHttp(cloud),
    async start() {
      removeLeftovers(cloud, state);
      core.queue.start();
      core.mappings.start();
    },
    async close() {
      await Promise.all([core.mappings.close(), core.queue.close(), core.pool.close()]);
      await guard.close();
    },
  };
}
