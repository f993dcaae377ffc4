import { quoted } from '../../../lib/component/shape.ts';
import { derive, parse } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  prepare: ({ text, number, day }) => [
    derive({
      json: `to_json({'a"b': ${quoted(text)}, 'n': ${quoted(number)}})::VARCHAR`,
      [text]: `${quoted(number)} || ' €'`,
      [day]: `strftime(${quoted(day)}, '%d.%m.%Y')`,
      mark: `'<' || ${quoted(text)} || '>'`,
    }),
  ],
  step: ({ text, day }) =>
    parse({
      json: { as: 'json', to: { 'a"b': 'VARCHAR', n: 'TINYINT' }, prefix: 'it is ' },
      [text]: { as: 'number', type: 'BIGINT', locale: 'fr', currency: true },
      [day]: { as: 'date', format: ['%Y', '%d.%m.%Y'] },
      mark: { as: 'pattern', pattern: '^<(?<inside>[a-z]+)>$' },
    }),
} satisfies Sample;
