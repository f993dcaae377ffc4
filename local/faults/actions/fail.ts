import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { defineAction } from '../action.ts';
import { discardAnswer } from '../discard-answer.ts';
import { moment } from '../moment.ts';

/** Answers with an error, before the call had its effect or after. */
export const fail = defineAction({
  schema: z.strictObject({
    type: z.literal('fail'),
    when: moment,
    /** Default: an internal error of the service. */
    error: z
      .strictObject({
        code: z.string().min(1),
        message: z.string().default('a fault was injected'),
        statusCode: z.int().min(400).max(599).default(400),
      })
      .default({ code: 'InternalServerError', message: 'a fault was injected', statusCode: 500 }),
  }),
  async perform({ when, error }, { run }) {
    if (when === 'after') discardAnswer(await run());
    throw new AwsError(error.code, error.message, error.statusCode);
  },
});
