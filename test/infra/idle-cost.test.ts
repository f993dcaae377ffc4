import { beforeAll, describe, expect, it } from 'vitest';
import { type IdleCost, idleCost, idleDollarsAfterFree } from '../../lib/infra/index.ts';
import { synthesized } from './synthesized.ts';

let platform: IdleCost;
let pipeline: IdleCost;
beforeAll(async () => {
  const templates = await synthesized();
  platform = idleCost(templates.penstock!);
  pipeline = idleCost(templates['penstock-flights']!);
});

const cents = (dollars: number) => Math.round(dollars * 100);

describe('the idle cost', () => {
  it('of the platform is its dashboard, two alarms and the polling of the trigger queue', () => {
    expect(platform.items).toEqual([
      { what: 'alarm', unit: 'alarm metrics', quantity: 2, dollars: 0.2 },
      { what: 'polling of a queue', unit: 'requests', quantity: 648_000, dollars: expect.closeTo(0.2592) },
      { what: 'dashboard', unit: 'dashboards', quantity: 1, dollars: 3 },
    ]);
    expect(cents(platform.dollars)).toBe(346);
  });

  it('of a pipeline is its alarms and the polling of its buffer', () => {
    expect(pipeline.items).toEqual([
      { what: 'alarm', unit: 'alarm metrics', quantity: 5, dollars: 0.5 },
      { what: 'polling of a queue', unit: 'requests', quantity: 648_000, dollars: expect.closeTo(0.2592) },
    ]);
    expect(cents(pipeline.dollars)).toBe(76);
  });

  it('is what is left when an account has used its free amounts', () => {
    expect(cents(idleDollarsAfterFree([platform]))).toBe(0);
    // 296,000 requests past the first million.
    expect(cents(idleDollarsAfterFree([platform, pipeline]))).toBe(12);
    // Three dashboards, alarms and a million requests are free once, not once for each stack.
    expect(cents(idleDollarsAfterFree([platform, ...Array.from({ length: 10 }, () => pipeline)]))).toBe(665);
  });

  it('is not guessed for a type of resource that nobody looked up', () => {
    expect(() => idleCost({ Resources: { X: { Type: 'AWS::EC2::NatGateway' } } })).toThrow(
      expect.objectContaining({ code: 'IDLE_COST_UNKNOWN_RESOURCE' }),
    );
  });
});
