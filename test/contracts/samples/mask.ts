import { mask } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ text, number, day }) =>
    mask({
      [text]: { method: 'hash', secret: 'secretsmanager:sample' },
      [number]: { method: 'generalise', step: 3 },
      [day]: { method: 'tokenise', secret: 'ssm:/sample', prefix: "it's " },
    }),
} satisfies Sample;
