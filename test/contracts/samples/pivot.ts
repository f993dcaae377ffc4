import { quoted } from '../../../lib/component/shape.ts';
import { pivot } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ text, number, day }) =>
    pivot({
      by: [day],
      column: text,
      values: { first: 'a', second: 'b' },
      cell: `sum(${quoted(number)})`,
      other: 'rest',
    }),
} satisfies Sample;
