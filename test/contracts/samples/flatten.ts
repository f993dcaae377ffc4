import { quoted } from '../../../lib/component/shape.ts';
import { derive, flatten } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  prepare: ({ text, number }) => [
    derive({ [text]: `{'a"b': ${quoted(text)}, 'in': {${quoted(number)}: ${quoted(number)}}}` }),
  ],
  step: ({ text }) => flatten({ columns: [text] }),
} satisfies Sample;
