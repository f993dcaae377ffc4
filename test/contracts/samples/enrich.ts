import { quoted } from '../../../lib/component/shape.ts';
import { enrich } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ text }, side) =>
    enrich({ with: side, on: `${quoted(text)} = code`, take: { found: 'city' }, unmatched: 'reject' }),
} satisfies Sample;
