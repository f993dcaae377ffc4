import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import { from, lake, pipeline, s3 } from '../../lib/index.ts';
import { flightsPlan } from './fixtures/flights-plan.ts';
import { templateProblems } from './gates/template.ts';
import { runPlan } from './machine-world.ts';
import { ofType, synthesized, type Template } from './synthesized.ts';

const orders = from(s3({ prefix: 'landing/orders/', format: 'csv' }), z.object({ id: z.int() }));
const named = (name: string, limit: number) =>
  compile(
    pipeline(name, {
      overlap: { policy: 'queue' },
      shares: { 'orders-database': limit },
      outputs: [orders.to(lake({ table: name }))],
    }),
  );

describe('the roles of a pipeline that limits its runs', () => {
  let template: Template;
  beforeAll(async () => {
    template = (await synthesized([await named('limited', 5)]))['penstock-limited']!;
  });
  const allowed = (name: string) => {
    const [[, role]] = ofType(template, 'AWS::IAM::Role').filter(([id]) => id.startsWith(name)) as [[string, any]];
    return role.Properties.Policies[0].PolicyDocument.Statement.filter((statement: object) =>
      JSON.stringify(statement).includes('LEASE#'),
    ).map(({ Action, Condition }: any) => [Action, Condition['ForAllValues:StringLike']['dynamodb:LeadingKeys']]);
  };
  const names = ['LEASE#pipeline/limited', 'LEASE#resource/orders-database'];

  test('let Initialize take its leases, the review lend what is shared, the steps at the end give them back, and nobody else touch them', () => {
    expect(allowed('StepsInitializeRole')).toEqual([
      [['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], names],
    ]);
    expect(allowed('StepsReviewRole')).toEqual([[['dynamodb:GetItem', 'dynamodb:UpdateItem'], [names[1]]]]);
    // Whose turn it is at a table is decided where it is published.
    const turns = [['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], ['LEASE#table/limited']];
    expect(allowed('StepsCommitRole')).toEqual([['dynamodb:UpdateItem', names], turns]);
    // A run that may be redriven gives back what it had before, and not what it has taken anew.
    expect(allowed('StepsCompensateRole')).toEqual([[['dynamodb:GetItem', 'dynamodb:UpdateItem'], names], turns]);
    for (const role of ['StepsExtractRole', 'WorkerFunctionRole']) expect(allowed(role)).toEqual([]);
  });

  test('pass every gate', () => expect(templateProblems(template)).toEqual([]));
});

test('two pipelines that share something with different limits are refused, naming both', async () => {
  const refused = synthesized([await named('one', 5), await named('two', 6)]);
  await expect(refused).rejects.toMatchObject({ code: 'SHARE_AMBIGUOUS', received: { one: 5, two: 6 } });
});

describe('the machine of a pipeline that limits its runs', () => {
  const plan = { ...flightsPlan, overlap: { policy: 'queue', runs: 1 } } as const;
  const run = (...outcomes: object[]) =>
    runPlan(plan, { answers: { initialize: outcomes.map((admission) => ({ run: 'r', admission })) } });

  test('asks until the run is admitted', async () => {
    const waiting = { outcome: 'waiting', waitSeconds: 40 };
    const { states, took, outcome } = await run(waiting, waiting, { outcome: 'admitted' });
    expect(states.slice(0, 8)).toEqual([
      ...['Initialize', 'Admitted?', 'Wait for other runs'],
      ...['Initialize', 'Admitted?', 'Wait for other runs'],
      ...['Initialize', 'Admitted?'],
    ]);
    expect(outcome.status).toBe('SUCCEEDED');
    expect(took).toBeGreaterThanOrEqual(80_000);
  });

  test('stops the execution of an older run whose place it takes, and asks again', async () => {
    const waiting = { outcome: 'waiting', waitSeconds: 5 };
    const initialize = [{ ...waiting, replaces: 'flights-older' }, waiting, { outcome: 'admitted' }];
    const answers = { initialize: initialize.map((admission) => ({ run: 'r', admission })) };
    const replacing = { ...flightsPlan, overlap: { policy: 'replace', runs: 1 } } as const;
    const { states, calls, outcome } = await runPlan(replacing, { answers });
    expect(states.slice(0, 7)).toEqual([
      ...['Initialize', 'Admitted?', 'Stop older run', 'Wait for other runs'],
      ...['Initialize', 'Admitted?', 'Wait for other runs'],
    ]);
    expect(calls.filter(({ name }) => name === 'stopExecution').map(({ input }) => input)).toMatchObject([
      { ExecutionArn: expect.stringMatching(/:execution:penstock-flights:flights-older$/), Error: 'RunCancelledError' },
    ]);
    expect(outcome.status).toBe('SUCCEEDED');
  });

  test.each([
    ['approve', []],
    ['release', ['Release in part']],
  ])('takes what it shares again where a person lets the run go on: %s', async (decision, released) => {
    const initialize = [{ outcome: 'admitted' }, { outcome: 'waiting', waitSeconds: 40 }, { outcome: 'admitted' }];
    const { states, calls, took, outcome } = await runPlan(
      { ...flightsPlan, shares: { warehouse: 1 } },
      {
        answers: {
          initialize: initialize.map((admission) => ({ run: 'r', admission })),
          assess: [{ gate: 'review', score: 0.9, report: 'reports/x.json' }],
          review: [{ decision, by: 'ada' }],
        },
      },
    );
    expect(states.slice(states.indexOf('Review decision'))).toEqual([
      ...['Review decision', 'Take shares again', 'Shares taken?', 'Wait for shares'],
      ...['Take shares again', 'Shares taken?', ...released, 'Publish', 'Commit', 'Completed'],
    ]);
    const asked = calls.filter(({ name }) => name === 'initialize').map(({ input }) => input.resumes);
    expect(asked).toEqual([undefined, true, true]);
    expect([took >= 40_000, outcome.status]).toEqual([true, 'SUCCEEDED']);
  });

  test('ends well, having done nothing, where the run is skipped', async () => {
    const { states, outcome } = await run({ outcome: 'skipped', by: 'other' });
    expect([states, outcome.status]).toEqual([['Initialize', 'Admitted?', 'Skipped'], 'SUCCEEDED']);
  });
});
