import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CalledCloud } from './called-cloud.ts';

let states: CalledCloud;
let stateMachineArn: string;

const giving = (Result: string) => ({ StartAt: 'Give', States: { Give: { Type: 'Pass', Result, End: true } } });

beforeEach(async () => {
  states = await CalledCloud.start();
  stateMachineArn = await states.create(giving('one'), { publish: true, versionDescription: 'first' });
});
afterEach(() => states.close());

const outputOf = async (arn: string) => JSON.parse((await states.settled(await states.begin(arn))).output);
const update = (Result: string, publish = false) =>
  states.call('UpdateStateMachine', { stateMachineArn, definition: JSON.stringify(giving(Result)), publish });

describe('a version', () => {
  it('stays as it was published', async () => {
    const second = await update('two', true);
    expect(second.stateMachineVersionArn).toBe(`${stateMachineArn}:2`);
    await update('three');
    expect(await outputOf(`${stateMachineArn}:1`)).toBe('one');
    expect(await outputOf(`${stateMachineArn}:2`)).toBe('two');
    expect(await outputOf(stateMachineArn)).toBe('three');
  });

  it('is published once for each revision', async () => {
    const again = await states.call('PublishStateMachineVersion', { stateMachineArn });
    expect(again.stateMachineVersionArn).toBe(`${stateMachineArn}:1`);
    const { revisionId } = await update('two');
    const other = states.call('PublishStateMachineVersion', { stateMachineArn, revisionId: 'other' });
    await expect(other).rejects.toMatchObject({ code: 'ConflictException' });
    const published = await states.call('PublishStateMachineVersion', { stateMachineArn, revisionId });
    expect(published.stateMachineVersionArn).toBe(`${stateMachineArn}:2`);
    const { stateMachineVersions } = await states.call('ListStateMachineVersions', { stateMachineArn });
    expect(stateMachineVersions).toHaveLength(2);
  });

  it('has its executions under its own ARN', async () => {
    await states.settled(await states.begin(`${stateMachineArn}:1`));
    await states.settled(await states.begin(stateMachineArn));
    const own = await states.call('ListExecutions', { stateMachineArn: `${stateMachineArn}:1` });
    expect(own.executions).toHaveLength(1);
    expect(own.executions[0].stateMachineVersionArn).toBe(`${stateMachineArn}:1`);
  });
});

describe('an alias', () => {
  const route = (...weights: [number, number][]) =>
    weights.map(([version, weight]) => ({ stateMachineVersionArn: `${stateMachineArn}:${version}`, weight }));

  it('leads to the versions by their weights', async () => {
    await update('two', true);
    const routingConfiguration = route([1, 100]);
    const { stateMachineAliasArn } = await states.call('CreateStateMachineAlias', {
      name: 'live',
      routingConfiguration,
    });
    expect(stateMachineAliasArn).toBe(`${stateMachineArn}:live`);
    expect(await outputOf(stateMachineAliasArn)).toBe('one');
    await states.call('UpdateStateMachineAlias', {
      stateMachineAliasArn,
      routingConfiguration: route([1, 0], [2, 100]),
    });
    expect(await outputOf(stateMachineAliasArn)).toBe('two');
    const { executions } = await states.call('ListExecutions', { stateMachineArn: stateMachineAliasArn });
    expect(executions.map((one: { stateMachineVersionArn: string }) => one.stateMachineVersionArn)).toEqual([
      `${stateMachineArn}:2`,
      `${stateMachineArn}:1`,
    ]);
  });

  it('keeps its versions from being deleted', async () => {
    await states.call('CreateStateMachineAlias', { name: 'live', routingConfiguration: route([1, 100]) });
    const stateMachineVersionArn = `${stateMachineArn}:1`;
    const remove = () => states.call('DeleteStateMachineVersion', { stateMachineVersionArn });
    await expect(remove()).rejects.toMatchObject({ code: 'ConflictException' });
    await states.call('DeleteStateMachineAlias', { stateMachineAliasArn: `${stateMachineArn}:live` });
    await remove();
    const started = states.begin(stateMachineVersionArn);
    await expect(started).rejects.toMatchObject({ code: 'StateMachineDoesNotExist' });
  });

  it('splits to 100, between versions of one machine', async () => {
    const create = (routingConfiguration: object) =>
      states.call('CreateStateMachineAlias', { name: 'live', routingConfiguration });
    const sum = 'Sum of routing configuration weights must equal 100. Received: [50]';
    await expect(create(route([1, 50]))).rejects.toMatchObject({ code: 'ValidationException', message: sum });
    const twice = /must contain distinct state machine version ARNs\. Received: \[arn:[^,]+:1, arn:[^,]+:1\]$/;
    await expect(create(route([1, 50], [1, 50]))).rejects.toThrow(twice);
    await expect(create(route([9, 100]))).rejects.toMatchObject({ code: 'ResourceNotFound' });
  });

  it('leads to one or two versions, by shares of a hundred', async () => {
    const create = (routingConfiguration: object[]) =>
      states.call('CreateStateMachineAlias', { name: 'live', routingConfiguration });
    const three = route([1, 50], [2, 25], [3, 25]);
    const item = `RoutingConfigurationListItem(stateMachineVersionArn=${stateMachineArn}:1, weight=50)`;
    await expect(create(three)).rejects.toThrow(`Value '[${item}, `);
    await expect(create(three)).rejects.toThrow('Member must have length less than or equal to 2');
    await expect(create(route([1, 101]))).rejects.toThrow(
      "Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less",
    );
  });

  it('has letters in its name', async () => {
    const create = (name: string) =>
      states.call('CreateStateMachineAlias', { name, routingConfiguration: route([1, 100]) });
    const pattern = 'Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$';
    await expect(create('123')).rejects.toMatchObject({
      code: 'ValidationException',
      message: `1 validation error detected: Value '123' at 'name' failed to satisfy constraint: ${pattern}`,
    });
  });
});
