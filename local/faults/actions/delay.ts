import * as z from 'zod';
import { defineAction } from '../action.ts';

const milliseconds = z.number().min(0);

/** The call takes its time: a fixed one, or one between two bounds. In the time of the cloud's clock. */
export const delay = defineAction({
  schema: z.strictObject({
    type: z.literal('delay'),
    milliseconds: z.union([milliseconds, z.tuple([milliseconds, milliseconds])]),
  }),
  events: true,
  async perform({ milliseconds }, { call, run, chance }) {
    const [least, most] = typeof milliseconds === 'number' ? [milliseconds, milliseconds] : milliseconds;
    await call.clock.sleep(least + (most - least) * chance);
    return run();
  },
});
