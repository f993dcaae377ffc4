import { drift } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: ({ text }) => drift(text),
} satisfies Sample;
