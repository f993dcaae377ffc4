import { quoted } from '../../../lib/component/shape.ts';
import { derive, split } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  prepare: ({ text }) => [derive({ [text]: `${quoted(text)} || ' | ' || ${quoted(text)}` })],
  step: ({ text, day }) => split(text, { by: '|', into: [text, `${day}, the rest`] }),
} satisfies Sample;
