import { quoted } from '../../../lib/component/shape.ts';
import { filter } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ number }) => filter(`${quoted(number)} > 1`),
} satisfies Sample;
