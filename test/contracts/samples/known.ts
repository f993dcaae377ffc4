import { known } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: ({ text }, side) => known(text, side, 'code'),
} satisfies Sample;
