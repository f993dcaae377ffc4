import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import {
  type Parser,
  type ParserContext,
  rememberParsed,
} from '../../../../local/services/dynamodb/remembered-parser.ts';

const require = createRequire(import.meta.url);
const { compare } = require('dynalite/db');

/** A parser of dynalite's that remembers, over one that counts. */
function remembering(name: string) {
  const file = require.resolve(`dynalite/db/${name}`);
  const before = require.cache[file];
  delete require.cache[file];
  const { parse }: Parser = require(file);
  require.cache[file] = before;
  let parsed = 0;
  const parser: Parser = {
    parse(text, options) {
      parsed++;
      return parse(text, options);
    },
  };
  rememberParsed(parser);
  return { parser, fresh: { parse }, parsed: () => parsed };
}

type Given = Pick<ParserContext, 'attrNames' | 'attrVals'>;

const whole = ({ attrNames, attrVals }: Given) => {
  const unused = (all: object | null | undefined) =>
    Object.fromEntries(Object.keys(all ?? {}).map((one) => [one, true as const]));
  const context = { attrNames, attrVals, unusedAttrNames: unused(attrNames), unusedAttrVals: unused(attrVals) };
  return { context: { ...context, isReserved: () => false, compare } };
};

/** What comes of it, and what it leaves of the names. */
function outcome(parser: Parser, text: string, given: Given) {
  const options = whole(structuredClone(given));
  const meaning = parser.parse(text, options);
  return { meaning, names: options.context.unusedAttrNames, values: options.context.unusedAttrVals };
}

const attrNames = { '#a': 'state', '#b': 'holders', '#unused': 'x' };
const some = { attrNames, attrVals: { ':a': { S: 'Running' }, ':n': { N: '1' }, ':m': { M: { k: { S: 'v' } } } } };
const others = { attrNames, attrVals: { ':a': { S: 'Failed' }, ':n': { N: '20' }, ':m': { M: {} } } };

test.each([
  ['conditionParser', '(#a = :a AND attribute_not_exists(#b.x[2])) OR NOT (size(#b) < :n) OR #a IN (:a, :n)'],
  ['conditionParser', 'begins_with(#a, :a) AND #b <> :m'],
  ['updateParser', 'SET #a = :a, #b.x = if_not_exists(#b.x, :n) + :n, m = :m REMOVE y[1], y[0] ADD z :n'],
  ['projectionParser', '#a, #b.x, y[3].z'],
])(
  '%s: what is known already means what it means when it is parsed, with the values of each request: %s',
  (name, text) => {
    const { parser, fresh, parsed } = remembering(name);
    for (const given of [some, others, some]) expect(outcome(parser, text, given)).toEqual(outcome(fresh, text, given));
    expect(parsed()).toBe(1);
  },
);

test('names that stand for something else, and values of other types, are parsed anew', () => {
  const { parser, fresh, parsed } = remembering('conditionParser');
  const text = 'begins_with(#a, :a)';
  const all = [
    { attrNames: { '#a': 'state' }, attrVals: { ':a': { S: 'x' } } },
    { attrNames: { '#a': 'phase' }, attrVals: { ':a': { S: 'x' } } },
    { attrNames: { '#a': 'phase' }, attrVals: { ':a': { N: '1' } } },
  ];
  for (const given of [...all, ...all]) expect(outcome(parser, text, given)).toEqual(outcome(fresh, text, given));
  // What is malformed is parsed each time.
  expect(parsed()).toBe(4);
});

test.each(['#a BETWEEN :a AND :b', 'attribute_type(#a, :a) OR #a = :b'])('values that parsing looks at: %s', (text) => {
  const { parser, fresh } = remembering('conditionParser');
  const given = (a: string, b: string) => ({ attrNames: { '#a': 'x' }, attrVals: { ':a': { S: a }, ':b': { S: b } } });
  for (const one of [given('N', 'S'), given('T', 'S')])
    expect(outcome(parser, text, one)).toEqual(outcome(fresh, text, one));
});

test('whoever changes what he got changes it for nobody else', () => {
  const { parser } = remembering('conditionParser');
  for (let time = 0; time < 3; time++) {
    const { expression } = parser.parse('#a = :a', whole(structuredClone(some))) as any;
    expect(expression).toEqual({ type: '=', args: [['state'], { S: 'Running' }] });
    expression.args.length = 0;
    expression.type = '<';
  }
});
