import * as z from 'zod';
import { defineAction } from '../action.ts';
import { discardAnswer } from '../discard-answer.ts';
import { isFifoDelivery, showAgain } from '../queue-deliveries.ts';

/**
 * The call has its effect twice and its second answer counts, as when a client repeats what it thinks was lost. On
 * sqs:ReceiveMessage each message is delivered once more while the first delivery is still being handled; FIFO queues never do that.
 */
export const duplicate = defineAction({
  schema: z.strictObject({ type: z.literal('duplicate') }),
  events: true,
  applies: (call) => !isFifoDelivery(call),
  async perform(_settings, { call, run }) {
    const first = await run();
    if (call.service === 'sqs' && call.operation === 'ReceiveMessage') {
      await showAgain(call, first.Messages ?? [], 0);
      return first;
    }
    discardAnswer(first);
    return run();
  },
});
