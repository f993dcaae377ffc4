import { unique } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: ({ text, number }) => unique([text, number]),
} satisfies Sample;
