import { quoted } from '../../../lib/component/shape.ts';
import { window } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ text, number, day }) =>
    window({
      by: [text],
      order: [day],
      columns: { before: `lag(${quoted(number)})`, soFar: { call: `sum(${quoted(number)})`, preceding: 2 } },
    }),
} satisfies Sample;
