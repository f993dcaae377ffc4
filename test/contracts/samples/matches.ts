import { matches } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: ({ text }) => matches(text, /^[a-z]/i),
} satisfies Sample;
