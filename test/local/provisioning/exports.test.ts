import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocalApp } from '../../../local/index.ts';
import { TemplateApps } from './template-app.ts';

const apps = new TemplateApps();
let app: LocalApp;
const stack = (parts: object) => ({ Resources: { Log: { Type: 'AWS::Logs::LogGroup' } }, ...parts });
const exporter = (names: Record<string, string>) =>
  stack({
    Outputs: Object.fromEntries(
      Object.entries(names).map(([name, Value]) => [name, { Value, Export: { Name: `shared-${name}` } }]),
    ),
  });
const importer = (name: string) => stack({ Outputs: { Used: { Value: { 'Fn::ImportValue': `shared-${name}` } } } });
const deploy = (templates: Record<string, object>) => app.redeploy(apps.write(templates));

beforeEach(async () => {
  app = await apps.start({ A: exporter({ table: 'runs' }), B: importer('table') });
  return () => apps.stop(app);
});
afterAll(() => apps.close());

describe('an export that another stack imports', () => {
  it('can be neither changed nor deleted', async () => {
    const used = (verb: string) => `Export shared-table cannot be ${verb} as it is in use by B`;
    await expect(deploy({ A: exporter({ table: 'other' }), B: importer('table') })).rejects.toThrow(used('updated'));
    // B would let go of it, but comes after A.
    await expect(deploy({ A: exporter({ lake: 'l' }), B: importer('lake') })).rejects.toThrow(used('deleted'));
    await expect(deploy({ A: stack({}), B: stack({}) })).rejects.toThrow(used('deleted'));
    expect(app.stacks.B!.outputs.Used).toBe('runs');
  });

  it('goes in two steps: first who imports it lets go, then who exports it', async () => {
    await deploy({ A: exporter({ table: 'runs', lake: 'l' }), B: importer('lake') });
    await deploy({ A: exporter({ lake: 'l' }), B: importer('lake') });
    expect(app.stacks.B!.outputs.Used).toBe('l');
  });

  it('goes with the deletion of who imports it', async () => {
    await deploy({ A: exporter({ table: 'runs' }) });
    await deploy({ A: exporter({ table: 'other' }) });
    await deploy({ C: stack({}) });
  });
});
