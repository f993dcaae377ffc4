import { volume } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  rule: () => volume(),
} satisfies Sample;
