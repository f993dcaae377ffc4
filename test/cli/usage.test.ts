import { afterAll, describe, expect, it } from 'vitest';
import { TestProject } from './project.ts';

const project = new TestProject({ 'pipelines/README.md': 'no pipeline' });
afterAll(() => project.remove());

describe('a command that is written wrongly', () => {
  it.each([
    ['no command', [], 'a command is missing', 'validate, infer, fmt, schema, plan'],
    ['an unknown command', ['plna'], "unknown command 'plna'", 'did you mean "plan"?'],
    ['an unknown inner command', ['run', 'shwo', 'x'], "unknown command 'shwo'", 'did you mean "show"?'],
    ['no inner command', ['review'], 'a command is missing', 'list, show, approve, release, reject'],
    ['an unknown option', ['runs', '--limt', '3'], "unknown option '--limt'", 'did you mean "--limit"?'],
    [
      'an option of the outer command',
      ['backfill', 'cancel', 'x', '--parallel', '3'],
      "unknown option '--parallel'",
      '--by <name>',
    ],
    ['a missing argument', ['plan'], "missing required argument 'pipeline'", 'penstock plan <pipeline>'],
    [
      'a missing argument of an inner command',
      ['run', 'cancel'],
      "missing required argument 'id'",
      'received  nothing',
    ],
    ['a missing option', ['table', 'rollback', 'x'], "required option '--to <state>' not", 'received  nothing'],
    ['a missing value', ['runs', '--limit'], "option '--limit <number>' argument missing", 'penstock runs'],
    ['an argument too many', ['runs', 'sales'], 'too many arguments', 'penstock runs'],
    ['arguments beyond the last', ['run', 'show', 'a', 'b'], 'too many arguments', 'received  a, b'],
    ['a limit that is no number', ['runs', '--limit', 'x'], 'that is not how many can be asked for', 'from 1 to 10000'],
    ['a limit below 1', ['rejects', 'x', '--limit', '0'], 'that is not how many can be asked for', 'from 1 to 10000'],
    ['a port that is none', ['local', '--port', '99999'], 'that is not a port', '0 to 65535'],
    ['nobody', ['start', 'x', '--by', ' '], 'that is nobody whom the audit could name', 'leave --by out'],
    ['a file without its pipeline', ['put', 'a.csv'], "missing required argument 'pipeline'", '<file…> <pipeline>'],
  ])('%s ends with 2 and says what is allowed', async (_, args, problem, expected) => {
    const { code, out, err } = await project.run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`✗ ${problem}`);
    expect(err).toContain(expected);
    expect(err.match(/^ {4}(received|allowed|change) /gm)).toHaveLength(3);
  });

  it('is told in JSON, too', async () => {
    for (const args of [
      ['--json', 'runs', '--limt'],
      ['runs', '--limt', '--json'],
    ]) {
      const { code, out, err } = await project.run(...args);
      expect([code, err]).toEqual([2, '']);
      expect(JSON.parse(out)).toEqual({
        errors: [
          {
            code: 'COMMAND_USAGE',
            part: '',
            problem: "unknown option '--limt'",
            received: '--limt',
            allowed: expect.arrayContaining(['--limit <number>']),
            change: 'did you mean "--limit"?',
          },
        ],
      });
    }
  });
});

describe('help', () => {
  it('names every command', async () => {
    const { code, out, err } = await project.run('--help');
    expect([code, err]).toEqual([0, '']);
    for (const name of [
      'validate',
      'fmt',
      'schema',
      'plan',
      'local',
      'put',
      'runs',
      'run',
      'rejects',
      'review',
      'query',
      'compact',
      'demo',
    ])
      expect(out).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  });

  it.each([
    [['help', 'put'], 'put [options] <file…> <pipeline>'],
    [['put', '-h'], '--wait'],
    [['review', '--help'], 'approve'],
    [['review', 'approve', '--help'], '--by <name>'],
    [['run', 'show', '--help'], '"latest"'],
  ])('%j shows it', async (args, expected) => {
    const { code, out } = await project.run(...args);
    expect(code).toBe(0);
    expect(out).toContain(expected);
  });

  it('gives the version', async () => {
    expect(await project.run('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});

describe('without what a command needs', () => {
  it.each([['runs'], ['run', 'show', 'latest'], ['rejects', 'latest'], ['query', 'SELECT 1'], ['review', 'list']])(
    '%s %s %s says how to get a platform',
    async (...args) => {
      const { code, err } = await project.run(...args);
      expect(code).toBe(1);
      expect(err).toContain('✗ no platform was found');
      expect(err).toContain('npx penstock local');
      expect(err).toContain('PENSTOCK_LAKE');
    },
  );

  it('every wrong place of a file of faults is named, before anything is synthesized', async () => {
    project.write(
      'faults.json',
      '[{ "match": { "service": "s3", "operation": "*", "nht": 1 }, "action": { "type": "explode" } }]',
    );
    const { code, err } = await project.run('local', '--faults', 'faults.json');
    expect(code).toBe(1);
    expect(err).toContain('at        faults[0].match in the file of --faults');
    expect(err).toContain('received  nht');
    expect(err).toContain('allowed   service, operation, resource, caller, nth, probability, times');
    expect(err).toContain('at        faults[0].action.type in the file of --faults');
    expect(err).toContain('allowed   delay, duplicate, fail, kill, lose, reorder, throttle');
  });

  it('a folder without pipelines is named', async () => {
    const { code, err } = await project.run('validate');
    expect(code).toBe(1);
    expect(err).toContain('there is no pipeline in pipelines/');
    expect(err).toContain('received  README.md');
  });

  it('a project without the folder is told what it lacks', async () => {
    const empty = new TestProject();
    try {
      const { code, out } = await empty.run('plan', 'sales', '--json');
      expect(code).toBe(1);
      expect(JSON.parse(out).errors).toEqual([
        expect.objectContaining({ code: 'COMMAND_INPUT', problem: 'there is no folder pipelines/ here' }),
      ]);
    } finally {
      empty.remove();
    }
  });

  it('the demo says that it belongs into its own folder', async () => {
    const other = new TestProject({
      'pipelines/words.ts': `import { from, lake, pipeline, s3 } from 'penstock';
import * as z from 'zod';
const words = from(s3({ prefix: 'landing/words/', format: 'csv' }), z.object({ word: z.string() }));
export default pipeline('words', { outputs: [words.to(lake({ table: 'words' }))] });
`,
    });
    try {
      const { code, err } = await other.spawn('demo');
      expect(code).toBe(1);
      expect(err).toContain('the pipelines of the demo are not here');
    } finally {
      other.remove();
    }
  });
});
