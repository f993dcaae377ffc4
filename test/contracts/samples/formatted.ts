import { formatted } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: ({ text }) => formatted(text, 'email'),
} satisfies Sample;
