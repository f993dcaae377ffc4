import { quoted } from '../../../lib/component/shape.ts';
import { aggregate } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ text, number }) =>
    aggregate({ by: [text], measures: { total: `sum(${quoted(number)})`, rows: 'count(*)' } }),
} satisfies Sample;
