import { agrees } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: (_columns, side) => agrees('count(*)', { with: side, other: 'count(*)' }),
} satisfies Sample;
