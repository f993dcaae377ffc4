import { populated } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: () => populated(2),
} satisfies Sample;
