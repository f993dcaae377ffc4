import { rank } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ text, day }) => rank({ by: [text], order: [{ column: day, descending: true }], as: 'number in it', top: 2 }),
} satisfies Sample;
