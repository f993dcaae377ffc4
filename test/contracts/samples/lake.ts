import { lake } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  sink: ({ text }) => lake({ table: 'sample', partitionBy: [text] }),
} satisfies Sample;
