import { s3 } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  source: () => s3({ prefix: 'landing/sample/', format: 'ndjson' }),
} satisfies Sample;
