import { references } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: ({ text }, side) => references(text, { with: side, column: 'code' }),
} satisfies Sample;
