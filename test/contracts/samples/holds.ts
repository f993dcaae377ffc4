import { quoted } from '../../../lib/component/shape.ts';
import { holds } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: ({ number, text }) => holds(`${quoted(number)} > 1 OR ${quoted(text)} IS NULL`),
} satisfies Sample;
