import * as z from 'zod';
import { map } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ text, number }) =>
    map(z.object({ [text]: z.string().max(3).nullable(), odd: z.boolean() }), (row) => {
      if (row[number] === null) throw new Error('there is no number');
      return { [text]: row[text], odd: row[number] % 2 === 1 };
    }),
} satisfies Sample;
