import { s3 } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  source: () => s3({ prefix: 'landing/sample/', format: 'ndjson' }),
  sink: ({ text }) =>
    s3({
      prefix: 'exports/sample/',
      format: 'csv',
      neutraliseFormulas: true,
      compression: 'gzip',
      partitionBy: [text],
    }),
} satisfies Sample;
