import { quoted } from '../../../lib/component/shape.ts';
import { derive, explode } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  prepare: ({ text, number }) => [
    derive({ [text]: `CASE WHEN ${quoted(number)} <> 3 THEN [${quoted(text)}, ${quoted(text)} || '!'] END` }),
  ],
  step: ({ text }) => explode(text, { as: `${text}'s`, position: 'number in it' }),
} satisfies Sample;
