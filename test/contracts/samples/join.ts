import { quoted } from '../../../lib/component/shape.ts';
import { join } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ text }, side) => join({ with: side, on: `${quoted(text)} = code`, how: 'left', take: { found: 'city' } }),
} satisfies Sample;
