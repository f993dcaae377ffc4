import { complete } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: ({ text }) => complete(text),
} satisfies Sample;
