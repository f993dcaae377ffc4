import { describe, expect, it } from 'vitest';
import { resolve } from '../../../local/template/resolve.ts';
import type { Scope } from '../../../local/template/scope.ts';

const scope: Scope = {
  place: 'Stack/Resource',
  region: 'eu-west-1',
  ref: (name) => ({ Name: 'orders', Count: '3', List: ['a', 'b'] })[name] ?? `ref:${name}`,
  attribute: (logicalId, attribute) => `${logicalId}.${attribute}`,
  condition: (name) => name === 'Yes',
  mapping: (name) => (name === 'Sizes' ? { 'eu-west-1': { small: 1, list: ['x'] } } : undefined),
  exported: (name) => `exported:${name}`,
};
const resolved = (value: unknown) => resolve(value, scope);

describe('an intrinsic function', () => {
  it.each<[string, unknown, unknown]>([
    ['Ref', { Ref: 'Name' }, 'orders'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue.Arn'],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Nested.Outputs.Url' }, 'Nested.Outputs.Url'],
    ['Fn::GetAtt with a computed attribute', { 'Fn::GetAtt': ['Queue', { Ref: 'Name' }] }, 'Queue.orders'],
    ['Fn::ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': '${Name}-arn' } }, 'exported:orders-arn'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', 'eu-west-1', 'small'] }, 1],
    ['Fn::FindInMap with a default', { 'Fn::FindInMap': ['Sizes', 'mars', 'small', { DefaultValue: 9 }] }, 9],
    ['Fn::GetAZs here', { 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Name' }, 7, true]] }, 'a-orders-7-true'],
    ['Fn::Join of a list parameter', { 'Fn::Join': [',', { Ref: 'List' }] }, 'a,b'],
    ['Fn::Split', { 'Fn::Split': ['|', 'a|b|'] }, ['a', 'b', '']],
    ['Fn::Select', { 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b'] }] }, 'b'],
    ['Fn::Sub', { 'Fn::Sub': 'x${Name}/${Queue.Arn}/${!Literal}' }, 'xorders/Queue.Arn/${Literal}'],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${v}-${Name}', { v: { Ref: 'Count' } }] }, '3-orders'],
    ['Fn::Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
    ['Fn::Length', { 'Fn::Length': { Ref: 'List' } }, 2],
    ['Fn::ToJsonString', { 'Fn::ToJsonString': { name: { Ref: 'Name' } } }, '{"name":"orders"}'],
    ['Fn::Cidr', { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, ['10.0.0.0/24', '10.0.1.0/24']],
    ['Fn::If where it holds', { 'Fn::If': ['Yes', 'a', { 'Fn::Nope': 1 }] }, 'a'],
    ['Fn::If where it does not', { 'Fn::If': ['No', 'a', { Ref: 'Name' }] }, 'orders'],
    ['Fn::Equals of a number and its text', { 'Fn::Equals': [3, { Ref: 'Count' }] }, true],
    ['Fn::And', { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] }, false],
    ['Fn::Or', { 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] }, true],
    ['Fn::Not', { 'Fn::Not': [{ Condition: 'No' }] }, true],
    ['Fn::Contains', { 'Fn::Contains': [['1', '2'], { Ref: 'Count' }] }, false],
  ])('%s', (_name, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  it('leaves out what resolves to AWS::NoValue, in objects and in lists', () => {
    const none = { Ref: 'AWS::NoValue' };
    expect(resolved({ a: none, b: [1, none, 2], c: { 'Fn::If': ['No', 1, none] } })).toEqual({ b: [1, 2] });
  });

  it('keeps the Condition of an IAM statement', () => {
    const statement = { Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    expect(resolved(statement)).toEqual(statement);
  });

  it('treats keys like __proto__ and constructor as plain data', () => {
    const value = JSON.parse('{"constructor": {"Ref": "Name"}}');
    expect(resolved(value)).toEqual({ constructor: 'orders' });
  });
});

describe('what CloudFormation would refuse', () => {
  it.each<[string, unknown, RegExp]>([
    ['a map without the key', { 'Fn::FindInMap': ['Sizes', 'mars', 'small'] }, /Sizes\.mars\.small/],
    ['a member that is not there', { 'Fn::Select': [5, ['a']] }, /no member 5/],
    ['a list joined into text', { 'Fn::Join': [',', [['a']]] }, /Fn::Join takes text/],
    ['too many blocks', { 'Fn::Cidr': ['10.0.0.0/24', 300, 8] }, /cannot cut 300/],
    ['a function beside other members', { 'Fn::Join': ['', []], Other: 1 }, /beside other members/],
    ['a function that is not there', { 'Fn::Transform': {} }, /Fn::Transform \(Stack\/Resource\)/],
  ])('%s', (_name, value, message) => {
    expect(() => resolved(value)).toThrow(message);
  });
});
