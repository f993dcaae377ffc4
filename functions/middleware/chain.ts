import middy from '@middy/core';
import { failures } from './failures.ts';
import { logging } from './logging.ts';
import { metrics } from './metrics.ts';

/** What every function is wrapped in, around one call into runtime. */
export function chain<Event, Result>(work: (event: Event) => Promise<Result>) {
  return middy<Event, Result>()
    .use(logging())
    .use(metrics())
    .use(failures())
    .handler((event: Event) => work(event));
}
