import { rename } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ text, day }) => rename({ [text]: 'renamed', [day]: text }),
} satisfies Sample;
