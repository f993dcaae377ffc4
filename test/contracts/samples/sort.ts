import { sort } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ text, number }) => sort({ order: [{ column: number, descending: true }, text] }),
} satisfies Sample;
