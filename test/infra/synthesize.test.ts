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

  it.each(['Penstock', 'a-b', 'twelveletter'])('refuses the platform name %j', async (name) => {
    const refusal = synthesize({ pipelines: [], outdir: 'never-written', name, functionsFolder: fixtureFunctions });
    await expect(refusal).rejects.toMatchObject({ code: 'PLATFORM_NAME_INVALID' });
  });

  it('leaves room for the longest names of platform and pipeline, and ninety triggers of a kind, in what is named after them', async () => {
    const [name, pipeline] = ['p'.repeat(11), 'p'.repeat(40)];
    const triggers = Array.from({ length: 99 }, (_, index) => ({
      kind: 'schedule' as const,
      expression: 'rate(1 day)',
      ...(index % 2 && { zone: 'Europe/Berlin' }),
    }));
    const template = (await synthesized([{ ...flightsPlan, pipeline, triggers }], name))[`${name}-${pipeline}`]!;
    const names = Object.values(template.Resources)
      .map(({ Properties = {} }) => Properties.FunctionName ?? Properties.Name)
      .filter((one) => typeof one === 'string');
    expect(names).toContain(`${name}-${pipeline}-schedule-99`);
    expect(Math.max(...names.map((one) => one.length))).toBeLessThanOrEqual(64);
  });

  it('says of a pipeline of many stages in the space of a description what its workers do', async () => {
    const [, reduce] = flightsPlan.stages;
    const more = Array.from({ length: 30 }, (_, index) => ({
      ...reduce!,
      id: `reduce-${index + 2}`,
      title: `Aggregate ${index + 2}`,
    }));
    const plan = { ...flightsPlan, stages: [...flightsPlan.stages, ...more] };
    const template = (await synthesized([plan]))['penstock-flights']!;
    const descriptions = ofType(template, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties.Description);
    expect(descriptions).toContainEqual(
      expect.stringMatching(/^Works on the chunks of process, reduce-1, .* and 24 further stages$/),
    );
  });
});
