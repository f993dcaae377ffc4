import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { problemsOf } from '../../lib/definition/problem.ts';
import { components } from './samples.ts';

const names = Object.keys(components);

test('every component shows how it is used, in a file of its own name, and no file is left over', () => {
  const files = globSync('*.ts', { cwd: join(import.meta.dirname, 'samples') }).map((file) => basename(file, '.ts'));
  expect(files.sort()).toEqual([...names].sort());
});

/** Every schema of a component: an operator or rule has one, a connector one for each side that it has. */
function schemasOf(component: any): z.ZodType[] {
  return [component.schema, component.source?.schema, component.sink?.schema].filter((schema) => schema !== undefined);
}

/** The objects in a JSON schema. */
function objectsIn(json: any): any[] {
  if (typeof json !== 'object' || json === null) return [];
  return [...(json.type === 'object' ? [json] : []), ...Object.values(json).flatMap(objectsIn)];
}

describe.each(names)('%s', (name) => {
  const component = components[name];

  test('is named like its file', () => {
    expect(component.component).toBe(name);
    expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  });

  test('is strict: no option is passed over', () => {
    for (const schema of schemasOf(component)) {
      const issues = schema.safeParse({ 'no-such-option': 1 }).error?.issues ?? [];
      expect(issues).toContainEqual(expect.objectContaining({ code: 'unrecognized_keys', keys: ['no-such-option'] }));
      // A record of names that the user chooses has one kind of value.
      for (const object of objectsIn(z.toJSONSchema(schema, { io: 'input' })))
        expect(object.additionalProperties, JSON.stringify(object)).toSatisfy(
          (rest) => rest === false || (typeof rest === 'object' && rest !== null),
        );
    }
  });

  test('says of every option what is wrong with a value of another kind, what it allows and what to change', () => {
    for (const schema of schemasOf(component)) {
      const options = Object.entries<any>((z.toJSONSchema(schema, { io: 'input' }) as any).properties ?? {});
      for (const [option, { type }] of options)
        for (const value of [type === 'object' ? 7 : { nope: { nope: 7 } }, type === 'array' ? true : [[]], null]) {
          const given = { [option]: value };
          const { error } = schema.safeParse(given);
          const problems = problemsOf(error!, name, 'here:1:1', given, schema);
          const own = problems.filter(({ part }) => part.startsWith(`${name} / ${option}`));
          expect(own.length, `${option}: ${JSON.stringify(value)}`).toBeGreaterThan(0);
          for (const { problem, received, allowed, change } of own) {
            expect(problem).toMatch(/^[^A-Z\s]/);
            expect(problem).not.toMatch(/undefined|Invalid|expected|\[object/);
            expect(received).not.toBeUndefined();
            expect(String(allowed), `allowed of "${problem}"`).toMatch(/\S/);
            expect(change).toMatch(/\S/);
          }
        }
    }
  });

  test('describes every option', () => {
    for (const schema of schemasOf(component))
      for (const object of objectsIn(z.toJSONSchema(schema, { io: 'input' })))
        for (const [option, { description }] of Object.entries<any>(object.properties ?? {}))
          expect(description, `${name}.${option}`).toMatch(/\S/);
  });
});
