import { describe, expect, it } from 'vitest';
import { synthesize } from '../../lib/infra/index.ts';
import { flightsPlan } from './fixtures/flights-plan.ts';
import { fixtureFunctions, ofType, synthesized } from './synthesized.ts';

describe('synthesize', () => {
  it('writes one stack for the platform and one for each pipeline', async () => {
    const templates = await synthesized([flightsPlan, { ...flightsPlan, pipeline: 'sales' }]);
    expect(Object.keys(templates)).toEqual(['penstock', 'penstock-flights', 'penstock-sales']);
    expect(ofType(templates['penstock-flights']!, 'AWS::StepFunctions::StateMachine')).toHaveLength(1);
  });

  it('refuses two pipelines of one name', async () => {
    await expect(synthesized([flightsPlan, flightsPlan])).rejects.toMatchObject({ code: 'PIPELINE_NAME_TAKEN' });
  });

  it.each(['Penstock', 'a-b', 'averylongname'])('refuses the platform name %j', async (name) => {
    const refusal = synthesize({ pipelines: [], outdir: 'never-written', name, functionsFolder: fixtureFunctions });
    await expect(refusal).rejects.toMatchObject({ code: 'PLATFORM_NAME_INVALID' });
  });

  it('leaves room for the longest names of platform and pipeline in the names of functions', async () => {
    const templates = await synthesized([{ ...flightsPlan, pipeline: 'p'.repeat(40) }], 'p'.repeat(12));
    for (const [, { Properties }] of ofType(
      templates[`${'p'.repeat(12)}-${'p'.repeat(40)}`]!,
      'AWS::Lambda::Function',
    )) {
      expect(Properties.FunctionName.length).toBeLessThanOrEqual(64);
    }
  });
});
