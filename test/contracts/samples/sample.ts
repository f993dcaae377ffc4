import { sample } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ text, day }) => [sample({ share: 0.5, by: [text] }), sample({ count: 1, by: [day] })],
} satisfies Sample;
