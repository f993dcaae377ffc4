import * as z from 'zod';
import { defineAction } from '../action.ts';
import { discardAnswer } from '../discard-answer.ts';
import { loseAnswer } from '../lost-answer.ts';
import { moment } from '../moment.ts';

/** Ends the process that makes the call, as a crash or a lost machine would. Only functions run in processes. */
export const kill = defineAction({
  schema: z.strictObject({ type: z.literal('kill'), when: moment }),
  applies: ({ principal }) => principal.process !== undefined,
  async perform({ when }, { call, run }) {
    if (when === 'after') discardAnswer(await run());
    call.principal.process!.kill();
    throw loseAnswer(call);
  },
});
