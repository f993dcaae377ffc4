import { sanitize } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: () => sanitize(),
} satisfies Sample;
