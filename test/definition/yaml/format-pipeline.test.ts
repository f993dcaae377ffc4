import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Document, parse, visit } from 'yaml';
import { formatPipeline } from '../../../lib/definition/yaml/format-pipeline.ts';
import { runs } from '../../fixtures/depth.ts';

const format = (text: string) => formatPipeline(text, 'p.yaml');
const read = (text: string) => parse(text, { version: '1.2', intAsBigInt: true });

it.each(['flights', 'movies', 'birdstrikes'])('leaves %s.yaml as it is', (name) => {
  const text = readFileSync(join(import.meta.dirname, 'pipelines', `${name}.yaml`), 'utf8');
  expect(format(text)).toBe(text);
});

it('brings order, quotes and lines into their one form, and keeps comments with what they stand before', () => {
  const text = `# yaml-language-server: $schema=../schema.json
# the shop
sources:
  # of the day
  sales:
    contract:
      columns: {id: 'integer', "order": "integer",
         note: string?} # promised
    from:
      s3:
        prefix: "landing/sales/"
        format: csv


  shops: # second
    from: { s3: { key: reference/shops.csv, delimiter: ";", header: true, quote: "'" } }
    contract: shops.yaml
pipeline: 'shop'
datasets:
  clean:
    pipe: [sanitize, filter: 'amount > 0', {filter: {condition: "a: b", rule: '#x'}},
      # why
      derive: {columns: {text: 'yes', n: "5", big: 'a > 99999999999999999999'}}]
    from: sales
outputs:
- to:
    lake: {table: t,
       # by day
       partitionBy: [day]}
  from: clean
gate: {pass: 0.90, review: 12345678901234567890}
# the end
`;
  expect(format(text)).toBe(`# yaml-language-server: $schema=../schema.json

pipeline: shop
# the shop
sources:
  # of the day
  sales:
    from: { s3: { prefix: landing/sales/, format: csv } }
    contract:
      columns: { id: integer, order: integer, note: string? } # promised

  shops:
    # second
    from: { s3: { key: reference/shops.csv, delimiter: ;, header: true, quote: "'" } }
    contract: shops.yaml
datasets:
  clean:
    from: sales
    pipe:
      - sanitize
      - filter: amount > 0
      - filter: { condition: "a: b", rule: "#x" }
      # why
      - derive: { columns: { text: yes, n: "5", big: a > 99999999999999999999 } }
outputs:
  - from: clean
    to:
      lake:
        table: t
        # by day
        partitionBy: [day]
gate: { pass: 0.90, review: 12345678901234567890 }

# the end
`);
});

it('does not bring an alias before its anchor', () => {
  const text = 'outputs: &o\n  - from: a\npipeline: *o\n';
  expect(format(text)).toBe(text);
});

describe('text that is no pipeline is refused with its place', () => {
  it.each([
    ['broken YAML', 'a: [1\nb: 2\n', /^p\.yaml:\d+:\d+$/],
    ['a list', '- a\n', /^p\.yaml:1:1$/],
    ['nothing', '', /^p\.yaml:1:1$/],
  ])('%s', (_, text, at) => {
    expect(() => format(text)).toThrow(
      expect.objectContaining({
        code: 'DEFINITION_INVALID',
        problems: expect.arrayContaining([expect.objectContaining({ at: expect.stringMatching(at) })]),
      }),
    );
  });
});

const word = fc.oneof(
  fc.constantFrom(
    'id',
    'order',
    'a b',
    'yes',
    'no',
    'null',
    '1',
    '0x1f',
    '1e3',
    '~',
    '#',
    '- a',
    'a: b',
    'é',
    "it's",
    '"',
  ),
  fc.string({ minLength: 1, maxLength: 12 }),
);
const scalar = fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null), fc.constant('two\nlines\n'));
const options = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('value'), { maxLength: 4 }), tie('mapping')),
  mapping: fc.dictionary(word, tie('value'), { maxKeys: 5, noNullPrototype: true }),
})).mapping;
const dictionary = <T>(value: fc.Arbitrary<T>) => fc.dictionary(word, value, { maxKeys: 3, noNullPrototype: true });
const document = fc.record(
  {
    outputs: fc.array(fc.record({ to: options, from: word }), { maxLength: 2 }),
    quality: fc.array(fc.oneof(word, options), { maxLength: 3 }),
    sources: dictionary(fc.record({ contract: fc.oneof(word, options), from: options })),
    datasets: dictionary(fc.record({ pipe: fc.array(fc.oneof(word, options), { maxLength: 4 }), from: word })),
    pipeline: word,
    gate: options,
  },
  { requiredKeys: ['pipeline'] },
);

/** Some of its options in one line each. */
function written(value: object, which: number): string {
  const made = new Document(value);
  let seen = 0;
  visit(made, {
    Scalar: (_, node) => {
      // What an editor would have asked for.
      if (/\(/.test(String(node.value))) node.type = 'QUOTE_DOUBLE';
    },
    Collection: (_, node, path) => {
      if (path.length > 5 && (which >> (seen++ % 16)) % 2 === 1) node.flow = true;
    },
  });
  return made.toString({ lineWidth: 0 });
}

it('keeps comments behind what they are said of, and beside texts of one line', () => {
  const text = `pipeline: a # the name
on: [{ fileArrives: landing/a/ }] # each file
# where from
sources:
  a:
    contract:
      columns:
        id: integer # of the shop
      # and no others
    from: { s3: { key: a.csv } } # once
# where to
outputs:
  - { from: a, to: { lake: a } } # as they are
  # none else
# the end
`;
  const formatted = format(text);
  expect(formatted).toBe(`pipeline: a # the name
# each file
on:
  - fileArrives: landing/a/
# where from
sources:
  a:
    from: { s3: { key: a.csv } } # once
    contract:
      columns:
        id: integer # of the shop
# and no others
# where to
outputs:
  # as they are
  - from: a
    to: { lake: a }
  # none else
  # the end
`);
  expect(format(formatted)).toBe(formatted);
});

it('changes no value, loses no comment, and changes nothing the second time, whatever stands in the file', () => {
  fc.assert(
    fc.property(document, fc.array(fc.nat(), { maxLength: 4 }), fc.nat(), (value, places, behind) => {
      const lines = written(value, behind).split('\n');
      // A comment inside of a text of several lines would be part of it.
      const isPlain = !/[|>][+-]?\d?$/m.test(lines.join('\n'));
      if (isPlain)
        for (const [index, place] of places.entries()) {
          const line = place % lines.length;
          const indent = /^ */.exec(lines[line]!)![0];
          if ((behind >> index) % 2 === 0) lines.splice(line, 0, `${indent}# comment ${index}`);
          else lines[line] += ` # comment ${index}`;
        }
      const text = lines.join('\n');
      const formatted = format(text);
      expect(read(formatted)).toEqual(read(text));
      if (isPlain) for (const index of places.keys()) expect(formatted).toContain(`# comment ${index}`);
      expect(format(formatted)).toBe(formatted);
    }),
    { numRuns: runs({ some: 40, all: 600 }), seed: Number(process.env.SEED ?? 7) },
  );
});
