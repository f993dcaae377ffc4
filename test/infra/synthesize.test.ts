import { describe, expect, it } from 'vitest';
import { flightsPlan } from './fixtures/flights-plan.ts';
import { ofType, synthesized } from './synthesized.ts';

describe('synthesize', () => {
  it('writes one stack for the platform and one for each pipeline', async () => {
    const templates = await synthesized([flightsPlan, { ...flightsPlan, pipeline: 'sales' }]);
    expect(Object.keys(templates)).toEqual(['penstock', 'penstock-flights', 'penstock-sales']);
    expect(ofType(templates['penstock-flights']!, 'AWS::StepFunctions::StateMachine')).toHaveLength(1);
  });

  it('refuses two pipelines of one name', async () => {
    await expect(synthesized([flightsPlan, flightsPlan])).rejects.toMatchObject({ code: 'PIPELINE_NAME_TAKEN' });
  });
});
