import { expect, test } from 'vitest';
import { queryInput } from '../../../local/protocols/query.ts';

const read = (text: string) => queryInput(new URLSearchParams(text));

test('reads scalars as text', () => {
  expect(read('Action=Go&Version=1&Name=a%20b&Count=3')).toEqual({ Name: 'a b', Count: '3' });
});

test('reads lists in the order of their numbers', () => {
  const many = Array.from({ length: 11 }, (_, n) => `Names.member.${n + 1}=n${n + 1}`).reverse();
  expect(read(many.join('&')).Names).toEqual(Array.from({ length: 11 }, (_, n) => `n${n + 1}`));
});

test('reads lists of structures', () => {
  expect(read('Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Key=b&Tags.member.2.Value=2')).toEqual({
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  });
});

test('reads maps of text and of structures', () => {
  expect(read('Attributes.entry.1.key=Policy&Attributes.entry.1.value=%7B%7D')).toEqual({
    Attributes: { Policy: '{}' },
  });
  const attribute =
    'MessageAttributes.entry.1.Name=n&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=v';
  expect(read(attribute)).toEqual({ MessageAttributes: { n: { DataType: 'String', StringValue: 'v' } } });
});

test('keeps names that Object knows as plain data', () => {
  expect(Object.entries(read('constructor=1&A.entry.1.key=toString&A.entry.1.value=2'))).toEqual([
    ['constructor', '1'],
    ['A', { toString: '2' }],
  ]);
});
