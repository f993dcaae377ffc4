import { quoted } from '../../../lib/component/shape.ts';
import { derive } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ text, number }) => derive({ [number]: `${quoted(number)} + 1`, 'a "new" one': `upper(${quoted(text)})` }),
} satisfies Sample;
