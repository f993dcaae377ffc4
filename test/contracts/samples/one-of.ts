import { oneOf } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: ({ text }) => oneOf(text, ['a', "it's"]),
} satisfies Sample;
