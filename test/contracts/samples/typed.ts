import { typed } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: ({ text }) => typed(text, 'INTEGER'),
} satisfies Sample;
