import { select } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ day, number }) => select(day, number),
} satisfies Sample;
