import { table } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  source: () => table({ table: 'sample' }),
} satisfies Sample;
