import * as z from 'zod';
import { defineAction } from '../action.ts';
import { discardAnswer } from '../discard-answer.ts';
import { loseAnswer } from '../lost-answer.ts';
import { moment } from '../moment.ts';

/** The request never arrives, or its response does not: the caller cannot know which. */
export const lose = defineAction({
  schema: z.strictObject({ type: z.literal('lose'), when: moment.default('after') }),
  async perform({ when }, { call, run }) {
    if (when === 'after') discardAnswer(await run());
    throw loseAnswer(call);
  },
});
