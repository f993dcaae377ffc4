import { checksum } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: ({ number }) => checksum(number, 'luhn'),
} satisfies Sample;
