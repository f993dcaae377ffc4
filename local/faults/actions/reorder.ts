import * as z from 'zod';
import { defineAction } from '../action.ts';
import { isFifoDelivery, isStreamDelivery, showAgain } from '../queue-deliveries.ts';

/**
 * The call waits until the next one that its rule counts has been made, at most so long. On sqs:ReceiveMessage the first
 * message of the answer steps back behind those that come within that time; FIFO queues never do that, nor do streams.
 */
export const reorder = defineAction({
  schema: z.strictObject({ type: z.literal('reorder'), withinMilliseconds: z.number().positive().default(1000) }),
  events: true,
  applies: (call) => !isFifoDelivery(call) && !isStreamDelivery(call),
  async perform({ withinMilliseconds }, { call, run, nextCall }) {
    if (call.service === 'sqs' && call.operation === 'ReceiveMessage') {
      const output = await run();
      const [first, ...others] = output.Messages ?? [];
      if (!first) return output;
      await showAgain(call, [first], Math.ceil(withinMilliseconds / 1000));
      return others.length > 0 ? { ...output, Messages: others } : {};
    }
    const waited = new AbortController();
    await Promise.race([nextCall(), call.clock.sleep(withinMilliseconds, waited.signal).catch(() => {})]);
    waited.abort();
    return run();
  },
});
