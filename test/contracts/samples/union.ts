import { union } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: (_, side) => union({ with: side, missing: 'null', origin: 'whence' }),
} satisfies Sample;
