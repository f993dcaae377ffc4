import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { checkedPlainly, validatedPlainly } from '../../../../local/services/dynamodb/plain-values.ts';

const require = createRequire(import.meta.url);
const file = require.resolve('dynalite/validations');
const { types } = require('dynalite/validations/putItem');

/** Dynalite's own rules, which nobody has put anything before. */
function freshRules() {
  const before = require.cache[file];
  delete require.cache[file];
  const rules = require(file);
  require.cache[file] = before;
  return rules as {
    checkTypes(data: unknown, types: object): unknown;
    validateAttributeValue(value: unknown): string | undefined;
  };
}

const fresh = freshRules();
let asked = 0;
const checkTypes = checkedPlainly((data, types) => {
  if ('Item' in data) asked++;
  return fresh.checkTypes(data, types);
});
const validate = validatedPlainly((value) => {
  asked++;
  return fresh.validateAttributeValue(value);
});

const outcome = (work: () => unknown) => {
  try {
    return { result: work() };
  } catch (error) {
    const { message, body } = error as { message: string; body: unknown };
    return { message, body };
  }
};

const plain: readonly object[] = [
  { S: '' },
  { S: 'Running' },
  { N: '0' },
  { N: '-12' },
  { N: '1767225600000' },
  { BOOL: false },
  { NULL: true },
  { M: {} },
  { L: [] },
  { M: { a: { L: [{ S: 'x' }, { M: { b: { N: '7' } } }] } } },
];
const others: readonly unknown[] = [
  ...[{}, { S: 1 }, { S: true }, { S: null }, { S: ['x'] }, { S: 'x', N: '1' }, { X: 'x' }, { S: 'x', X: 'x' }],
  ...[{ N: '' }, { N: 'one' }, { N: '007' }, { N: '-0' }, { N: '1e3' }, { N: '1.50' }, { N: '1'.repeat(39) }, { N: 1 }],
  ...[{ N: '1e126' }, { NULL: false }, { NULL: 'no' }, { BOOL: 'yes' }, { BOOL: 1 }, { B: 'YQ==' }, { B: 'YQ' }],
  ...[{ SS: [] }, { SS: ['a', 'a'] }, { SS: ['a'] }, { NS: ['1', '01'] }, { NS: ['1', '1'] }, { BS: ['YQ=='] }],
  ...[
    { L: {} },
    { L: [null] },
    { L: [{ S: 1 }] },
    { M: [] },
    { M: { a: null } },
    { M: { a: { N: '1.0' } } },
    { M: 'x' },
  ],
  ...[null, 'x', 1, ['x'], { constructor: 'x' }, { L: [{ NS: [] }] }, { M: { a: { NULL: false } } }],
];

test.each([...plain, ...others].map((attribute) => [JSON.stringify(attribute), attribute] as const))(
  'of %s the same is made and said as dynalite does',
  (_text, attribute) => {
    const item = () => ({ TableName: 'runs', Item: { first: { S: 'a' }, attribute: structuredClone(attribute) } });
    const made = outcome(() => checkTypes(item(), types));
    expect(made).toEqual(outcome(() => fresh.checkTypes(item(), types)));
    const checked = (made.result as any)?.Item.attribute;
    if (!checked) return;
    const [own, its] = [structuredClone(checked), structuredClone(checked)];
    expect(outcome(() => validate(own))).toEqual(outcome(() => fresh.validateAttributeValue(its)));
    expect(own).toEqual(its);
  },
);

test('dynalite takes apart only what is not plainly right', () => {
  asked = 0;
  const item = Object.fromEntries(plain.map((attribute, index) => [`a${index}`, attribute]));
  checkTypes({ TableName: 'runs', Item: item }, types);
  for (const attribute of plain) validate(attribute);
  expect(asked).toBe(0);
  checkTypes({ TableName: 'runs', Item: { ...item, b: { B: 'YQ==' } } }, types);
  validate({ SS: ['a', 'a'] });
  expect(asked).toBe(2);
});
