import validator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import type { Plan, StagePlan } from '../../lib/component/plan.ts';
import { errorNamesToRetry } from '../../lib/core/errors/catalogue.ts';
import { machineDefinition } from '../../lib/infra/index.ts';
import { flightsPlan } from './fixtures/flights-plan.ts';
import { machineProblems } from './gates/machine.ts';
import { expectSnapshot } from './snapshot.ts';

const waivers = { waitsForPerson: ['Await review', 'Await review, reminded'] };
const [process, reduce] = flightsPlan.stages as [StagePlan, StagePlan];
const plans: Record<string, Plan> = {
  'sources that have fallbacks': {
    ...flightsPlan,
    nodes: flightsPlan.nodes.map((node) => (node.kind === 'source' ? { ...node, fallback: 'empty' as const } : node)),
  },
  'no reduce stage': { ...flightsPlan, stages: [process] },
  'one reduce stage': flightsPlan,
  'two reduce stages': {
    ...flightsPlan,
    stages: [process, reduce, { ...reduce, id: 'reduce-2', title: 'Aggregate by day' }],
  },
};

describe.each(Object.entries(plans))('the machine of a plan with %s', (_, plan) => {
  it('is valid for asl-validator', () => {
    const result = validator(resolved(machineDefinition(plan)));
    expect(result.errors).toEqual([]);
    expect(result.isValid).toBe(true);
  });

  it('sets every variable before it is used, and bounds every wait', () => {
    expect(machineProblems(machineDefinition(plan), waivers)).toEqual([]);
  });
});

describe('the machine', () => {
  const definition: any = machineDefinition(flightsPlan);
  const states = Object.entries<any>(definition.States);

  it('is the one that was agreed on', () => {
    expectSnapshot('flights.asl.json', definition);
  });

  it('leads every failure to Compensate, and that of Compensate to the end', () => {
    const working = states.filter(([name, { Type }]) => /Task|Map/.test(Type) && !/^(Compensate|Failed)$/.test(name));
    for (const [name, { Catch }] of working) {
      expect(Catch.at(-1), name).toMatchObject({ ErrorEquals: ['States.ALL'], Next: 'Compensate' });
      expect(Catch.at(-1).Assign.failedState).toBe(name);
    }
    expect(definition.States.Compensate.Catch.map(({ Next }: any) => Next)).toEqual(['Compensate, later', 'Failed']);
  });

  it('tries again with back-off, an upper delay and full jitter', () => {
    for (const [name, state] of allTasks(definition)) {
      for (const rule of state.Retry) {
        // Who was asked to slow down waits longer.
        const ceiling = rule.ErrorEquals.includes('ServiceThrottledError') ? 300 : 60;
        expect(rule, name).toMatchObject({ BackoffRate: 2, MaxDelaySeconds: ceiling, JitterStrategy: 'FULL' });
      }
    }
  });

  it('retries by the catalogue of errors: each name in one rule, and what names its time in none', () => {
    const delays = ['CircuitOpenError', 'ServiceDelayedError', 'TableBusyError'];
    const kinds = [...errorNamesToRetry('transient', 'back-off'), ...errorNamesToRetry('throttled', 'back-off')];
    for (const [name, state] of allTasks(definition)) {
      const names = state.Retry.flatMap(({ ErrorEquals }: any) => ErrorEquals);
      // Silence has its own rule besides, which comes first.
      expect(names.filter((one: string) => one !== 'States.HeartbeatTimeout').length, name).toBe(
        new Set(names.filter((one: string) => one !== 'States.HeartbeatTimeout')).size,
      );
      expect(new Set(names).isDisjointFrom(new Set([...delays, 'RetryBudgetSpentError'])), name).toBe(true);
      if (name !== 'Failed') expect(new Set(names).isSupersetOf(new Set(kinds)), name).toBe(true);
      if (name !== 'Failed' && !name.startsWith('Await review') && name !== 'Deadline passed')
        expect(state.Catch[0].ErrorEquals, name).toEqual(delays);
    }
  });

  it('passes references, never rows: no state hands on what a Map gives back', () => {
    for (const [name, state] of states.filter(([, { Type }]) => Type === 'Map')) {
      expect(state.ResultWriter, name).toMatchObject({
        Resource: expect.stringMatching(/^arn:.*:states:::s3:putObject$/),
        WriterConfig: { OutputType: 'JSON', Transformation: 'COMPACT' },
      });
      expect(state.Assign, name).toBeUndefined();
    }
  });

  it('has names that fit the console', () => {
    const title = `Reduce 1: deduplicate by ${'a, '.repeat(18)}z`;
    const long: any = machineDefinition({ ...flightsPlan, stages: [process, { ...reduce, title }] });
    const children = long.States[title].ItemProcessor.States;
    for (const name of [...Object.keys(long.States), ...Object.keys(children)])
      expect(name.length).toBeLessThanOrEqual(80);
  });
});

function allTasks({ States }: any): [string, any][] {
  return Object.entries<any>(States).flatMap(([name, state]) => {
    if (state.ItemProcessor) return allTasks(state.ItemProcessor);
    return state.Type === 'Task' ? [[name, state]] : [];
  });
}

/** As CloudFormation hands it to Step Functions. */
function resolved(definition: unknown): unknown {
  const text = JSON.stringify(definition)
    .replace(/\$\{(\w+)Function\}/g, 'arn:aws:lambda:eu-central-1:123456789012:function:$1')
    .replace(/\$\{(\w+)Buffer\}/g, 'https://sqs.eu-central-1.amazonaws.com/123456789012/$1')
    .replace(/\$\{Partition\}/g, 'aws')
    .replace(/\$\{(\w+)\}/g, '$1');
  return JSON.parse(text);
}
