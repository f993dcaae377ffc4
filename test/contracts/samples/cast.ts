import { cast } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ number, day }) => cast({ [number]: 'INTEGER', [day]: 'TIMESTAMP' }),
} satisfies Sample;
