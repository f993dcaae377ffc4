import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mistakenFiles, mistakes } from './mistakes.ts';
import { type Outcome, TestProject } from './project.ts';

const project = new TestProject(mistakenFiles());
afterAll(() => project.remove());

/** Files that are in order. */
const good = ['a-second-shop'];

describe('validate', () => {
  let text: Outcome;
  let json: Outcome;
  let results: any[];

  beforeAll(async () => {
    [text, json] = await Promise.all([project.run('validate'), project.spawn('validate', '--json')]);
    results = JSON.parse(json.out);
  });

  it('ends with 1 where there is a problem', () => {
    expect([text.code, json.code]).toEqual([1, 1]);
    expect(text.err).toBe('');
    // What a file says while it is loaded stays out of the JSON.
    expect(json.err).toBe('loading\n');
  });

  it('names every file once', () => {
    expect(results.map(({ file }) => file)).toEqual(
      Object.keys(mistakes)
        .sort()
        .map((name) => `pipelines/${name}.ts`),
    );
  });

  it.each(Object.entries(mistakes).filter(([name]) => !good.includes(name)))(
    'says in four parts what is wrong with %s, and where',
    (name, { at, problem, change }) => {
      const file = `pipelines/${name}.ts`;
      const { problems } = results.find((one) => one.file === file);
      const found = problems.find((one: any) => one.problem.includes(problem));
      expect(found, JSON.stringify(problems)).toMatchObject({
        at: at ? `${file}:${at}` : file,
        code: expect.stringMatching(/^[A-Z_]+$/),
        change: expect.stringContaining(change ?? ''),
      });
      // What was received may be nothing at all, which JSON says as null.
      expect(JSON.stringify([found.received, found.allowed])).toMatch(/^\[.+,.*\w.*\]$/);
      expect(text.out).toContain(`at        ${found.at}`);
    },
  );

  it('shows no stack, and no path of its own', () => {
    expect(text.out).not.toMatch(/^\s+at .*\(/m);
    expect(text.out).not.toContain('/lib/');
  });

  it('counts the problems', () => {
    const problems = results.flatMap((one) => one.problems);
    const files = results.length - good.length;
    expect(text.out.trimEnd().split('\n').at(-1)).toBe(`${problems.length} problems in ${files} files`);
  });
});

describe('validate of one pipeline', () => {
  it('takes the name of the file where that has none', async () => {
    const { code, out } = await project.run('validate', 'syntax-error');
    expect(code).toBe(1);
    expect(out).toContain('1 problem in 1 file');
  });
});

it('other commands end with the problems of the pipeline that they were given', async () => {
  const { code, err } = await project.run('plan', 'wrong-column');
  expect(code).toBe(1);
  expect(err).toContain('there is no column "amout" here');
  expect(err).toContain('pipelines/wrong-column.ts:6:3');
});

it('a reader that leaves early, as head does, is no error', async () => {
  const child = project.start('validate');
  let err = '';
  child.stderr.on('data', (data) => {
    err += data;
  });
  child.stdout.destroy();
  const code = await new Promise((done) => child.on('close', done));
  expect([code, err]).toEqual([1, '']);
});
