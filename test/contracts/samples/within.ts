import { within } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: ({ number }) => within(number, 1, 3),
} satisfies Sample;
