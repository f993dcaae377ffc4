import { deduplicate } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step: ({ text, day }) => deduplicate({ key: [text], keep: 'latest', by: day }),
} satisfies Sample;
