import { fresh } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: ({ day }) => fresh(day, '2 days'),
} satisfies Sample;
