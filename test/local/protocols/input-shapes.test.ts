import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../local/protocols/parse-json.ts';
import { checkFormTypes, checkOperation, checkTypes } from '../../../local/protocols/shapes/check-input.ts';
import { checkRequired } from '../../../local/protocols/shapes/check-required.ts';

const putRule = { service: 'events', operation: 'PutRule' };
const putItem = { service: 'dynamodb', operation: 'PutItem' };

describe('the types of an input', () => {
  it.each([
    ['no object', null, 'NULL_VALUE cannot be converted to Structure'],
    ['a list', [], 'Start of list found where not expected'],
    ['a number for text', { Name: 7 }, 'NUMBER_VALUE cannot be converted to String'],
    ['true for text', { Name: true }, 'TRUE_VALUE cannot be converted to String'],
    ['an object for text', { Name: {} }, 'Start of structure or map found where not expected.'],
    ['text for a list', { Tags: 'x' }, 'STRING_VALUE cannot be converted to List'],
    ['nothing in a list', { Tags: [null] }, 'NULL_VALUE found where a member was expected'],
    ['a wrong member of a structure in a list', { Tags: [{ Key: [] }] }, 'Start of list found where not expected'],
  ])('are refused: %s', (_what, input, message) => {
    expect(() => checkTypes(putRule, input)).toThrow(
      expect.objectContaining({ code: 'SerializationException', statusCode: 400, message }),
    );
  });

  it('are held to in structures that hold themselves', () => {
    const item = (value: unknown) => ({ TableName: 't', Item: { a: { M: { b: { L: [{ S: value }] } } } } });
    expect(() => checkTypes(putItem, item('x'))).not.toThrow();
    expect(() => checkTypes(putItem, item(1))).toThrow('NUMBER_VALUE cannot be converted to String');
  });

  it('let null and unknown members pass', () => {
    expect(() => checkTypes(putRule, { Name: null, Colour: 7 })).not.toThrow();
  });

  it('are text in forms, which must read as what is meant', () => {
    const subscribe = { service: 'sns', operation: 'Subscribe' };
    expect(() => checkFormTypes(subscribe, { TopicArn: 'a', ReturnSubscriptionArn: 'true' })).not.toThrow();
    for (const wrong of [{ ReturnSubscriptionArn: 'maybe' }, { TopicArn: { x: '1' } }, { Attributes: ['x'] }]) {
      expect(() => checkFormTypes(subscribe, wrong)).toThrow(expect.objectContaining({ code: 'MalformedInput' }));
    }
  });
});

it('names every member that must be there and is not, at its place', () => {
  expect(() => checkRequired({ service: 'events', operation: 'PutTargets' }, { Targets: [{ Id: '1' }] })).toThrow(
    "2 validation errors detected: Value null at 'rule' failed to satisfy constraint: Member must not be null; " +
      "Value null at 'targets.1.member.arn' failed to satisfy constraint: Member must not be null",
  );
  expect(() => checkRequired(putRule, { Name: 'r' })).not.toThrow();
});

it('tells operations of AWS from those of nobody', () => {
  expect(() => checkOperation({ service: 'kms', operation: 'Sign' })).not.toThrow();
  expect(() => checkOperation({ service: 'kms', operation: 'Sing' })).toThrow('Could not find operation Sing of kms');
});

it('reads no JSON that is nested without end', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  expect(parseJson(nested(3000))).toHaveLength(1);
  expect(() => parseJson(nested(100_000))).toThrow('nested deeper than 3000 levels');
});
