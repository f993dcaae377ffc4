import validator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { escalationDefinition } from '../../lib/infra/state-machine/escalation.ts';
import { failedWith, runDefinition } from './machine-world.ts';

const definition = escalationDefinition('orders');
const notice = { id: 'i#1', subject: 's', message: 'm' };
const step = (more: object) => ({
  incident: { id: 'i' },
  level: 0,
  topics: [],
  notice,
  over: false,
  waitSeconds: 60,
  undelivered: false,
  ...more,
});
const event = { id: 'i', type: 'PipelineFailed' };
const run = (escalate: object[], publish: any[] = [{ MessageId: 'm' }]) =>
  runDefinition(definition, event, { answers: { escalate: escalate as any, publish } });
const told = (made: Awaited<ReturnType<typeof run>>) =>
  made.calls.filter(({ name }) => name === 'publish').map(({ input }) => input.TopicArn);

describe('the machine that tells people', () => {
  it('is valid for asl-validator', () => {
    const text = JSON.stringify(definition).replaceAll('${Partition}', 'aws');
    expect(validator(JSON.parse(text)).errors).toEqual([]);
  });

  it('tells one level after another, and waits in between', async () => {
    const made = await run([
      step({ level: 1, topics: ['a', 'b'], waitSeconds: 1800 }),
      step({ level: 1, waitSeconds: 5 }),
      step({ level: 2, topics: ['c'], over: true }),
    ]);
    expect(made.outcome.status).toBe('SUCCEEDED');
    expect(told(made).toSorted()).toEqual(['a', 'b', 'c']);
    expect(made.took).toBe(1_805_000);
    const asked = made.calls.filter(({ name }) => name === 'escalate').map(({ input }) => input);
    expect(asked[0]).toMatchObject({ ...event, execution: expect.stringContaining('arn:aws:states') });
    // What was told is not told again by whoever is asked next.
    expect(asked[1]).toMatchObject({ level: 1, topics: [] });
  });

  it('ends when somebody looks after it', async () => {
    const made = await run([step({ level: 1, topics: ['a'] }), step({ over: true })]);
    expect(told(made)).toEqual(['a']);
    expect(made.states.at(-1)).toBe('Done');
  });

  it('tells the others and the next level where one cannot be told, and then fails', async () => {
    const refuse = (input: any) => {
      if (input.TopicArn === 'b') throw failedWith('SNS.NotFoundException');
      return { MessageId: 'm' };
    };
    const steps = [
      step({ level: 1, topics: ['a', 'b'] }),
      step({ level: 2, topics: ['c'], over: true, undelivered: true }),
    ];
    const made = await run(steps, [refuse]);
    expect(new Set(told(made))).toEqual(new Set(['a', 'b', 'c']));
    const asked = made.calls.filter(({ name }) => name === 'escalate').map(({ input }) => input.undelivered);
    expect(asked).toEqual([undefined, true]);
    expect(made.outcome).toMatchObject({ status: 'FAILED', error: 'EscalationUndelivered' });
  });
});
