import { quoted } from '../../../lib/component/shape.ts';
import { validate } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ number, day }) =>
    validate({ "it's small": { column: number, holds: `${quoted(number)} < 3 OR ${quoted(day)} IS NULL` } }),
} satisfies Sample;
