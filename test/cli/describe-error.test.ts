import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { translated } from '../../lib/aws/translate-failure.ts';
import { faultsOf, showFault } from '../../lib/cli/describe-error.ts';
import { CommandInputError } from '../../lib/cli/errors.ts';
import { Printer } from '../../lib/cli/print.ts';
import { DefinitionInvalidError } from '../../lib/definition/index.ts';

describe('faultsOf', () => {
  it('gives the parts of our own errors', () => {
    const error = new CommandInputError({ problem: 'p', received: 'r', allowed: ['a'], change: 'c' });
    expect(faultsOf(error)).toEqual([
      { part: '', problem: 'p', received: 'r', allowed: ['a'], change: 'c', code: 'COMMAND_INPUT' },
    ]);
  });

  it('gives every problem of a definition, and of several of them', () => {
    const invalid = (...names: string[]) =>
      new DefinitionInvalidError(
        'x',
        names.map((part) => ({ at: 'x.ts:1:1', part, problem: 'p', change: 'c' })),
      );
    const found = faultsOf(new AggregateError([invalid('one', 'two'), invalid('three')]));
    expect(found.map(({ part, code }) => `${part} ${code}`)).toEqual([
      'one DEFINITION_INVALID',
      'two DEFINITION_INVALID',
      'three DEFINITION_INVALID',
    ]);
  });

  const errorWith = (name: string, properties: object, message = 'said') =>
    Object.assign(new Error(message), { name }, properties);

  it('tells who sits at the terminal of endpoints and credentials, not of roles and limits', () => {
    const codeOf = (cause: Error) => faultsOf(translated('dynamodb:Query', cause))[0];
    expect(codeOf(errorWith('Error', { code: 'ECONNREFUSED' }))).toMatchObject({
      code: 'NO_ANSWER',
      received: expect.stringContaining('dynamodb:Query'),
    });
    expect(codeOf(errorWith('CredentialsProviderError', {}))?.code).toBe('AWS_CREDENTIALS');
    const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });
    expect(codeOf(errorWith('AccessDenied', status(403)))?.code).toBe('AWS_REFUSED');
    expect(codeOf(errorWith('InternalError', status(500)))?.problem).toContain('although it was tried again');
  });

  it.each([
    ['a port in use', errorWith('Error', { code: 'EADDRINUSE', address: '127.0.0.1', port: 4566 }), 'PORT_IN_USE'],
    ['no credentials', errorWith('CredentialsProviderError', {}), 'AWS_CREDENTIALS'],
    ['no region', errorWith('Error', {}, 'Region is missing'), 'AWS_CREDENTIALS'],
    ['a call that AWS refuses', errorWith('AccessDenied', { $metadata: { httpStatusCode: 403 } }), 'AWS_REFUSED'],
    ['nobody at the endpoint', errorWith('Error', { code: 'ECONNREFUSED' }), 'NO_ANSWER'],
    ['somebody at the endpoint who went away', errorWith('Error', { code: 'ECONNRESET' }), 'NO_ANSWER'],
    ['somebody who went away while a file was sent', errorWith('Error', { code: 'EPIPE' }), 'NO_ANSWER'],
    ['a file that may not be read', errorWith('Error', { code: 'EACCES' }), 'FILE_REFUSED'],
  ])('says in four parts what %s means, without a stack', (_, error, code) => {
    const [fault] = faultsOf(error);
    expect(fault).toMatchObject({
      code,
      problem: expect.any(String),
      received: expect.any(String),
      allowed: expect.any(String),
      change: expect.any(String),
    });
    expect(JSON.stringify(fault)).not.toContain(import.meta.filename);
  });

  it('keeps the stack of what nobody foresaw, because it is our own fault', () => {
    const [fault] = faultsOf(new TypeError('x is not a function'));
    expect(fault).toMatchObject({ code: 'UNEXPECTED', change: 'report this with the lines above' });
    expect(fault!.received).toContain('describe-error.test.ts');
    expect(faultsOf('text')[0]!.problem).toContain('text');
  });
});

describe('showFault', () => {
  it('shows whatever was received for what it is', () => {
    const endless: Record<string, unknown> = {};
    endless.self = endless;
    let written = '';
    const output = new Writable({
      write(chunk, _encoding, done) {
        written += chunk;
        done();
      },
    });
    const values = [Number.NaN, 5n, endless, () => 1, [1, Infinity]];
    for (const received of values) {
      showFault(new Printer(output as NodeJS.WriteStream, false), {
        part: '',
        problem: 'p',
        received,
        change: 'c',
        code: 'X',
      });
      new Printer(output as NodeJS.WriteStream, true).data({ received });
    }
    expect(written.match(/received {2}.*/g)).toEqual(
      ['NaN', '5n', '{"self":"(itself)"}', '() => 1', '1, Infinity'].map((text) => `received  ${text}`),
    );
    expect(written).toContain('"received": "NaN"');
    expect(written).toContain('"received": "5"');
  });

  const shown = (fault: Parameters<typeof showFault>[1]) => {
    let text = '';
    const output = new Writable({
      write(chunk, _, next) {
        text += chunk;
        next();
      },
    });
    showFault(new Printer(output as NodeJS.WriteStream, false), fault);
    return text;
  };

  it('shows place and parts under each other, and what goes over several lines below itself', () => {
    expect(
      shown({
        at: 'a.ts:1:2',
        part: 'x / y',
        problem: 'p',
        received: 'one\ntwo',
        allowed: ['a', 'b'],
        change: 'c',
        code: 'X',
      }),
    ).toBe(`✗ p
    at        a.ts:1:2  x / y
    received  one
              two
    allowed   a, b
    change    c
`);
  });

  it('cuts values that are longer than anybody reads, structures above all', () => {
    const text = shown({ part: '', problem: 'p', received: 'x'.repeat(1000), change: 'c', code: 'X' });
    expect(text).toContain(`received  ${'x'.repeat(400)}…\n`);
    const structure = shown({ part: '', problem: 'p', received: { a: 'x'.repeat(1000) }, change: 'c', code: 'X' });
    expect(structure.length).toBeLessThan(200);
  });

  it('shows an empty text and an empty list as what they are', () => {
    expect(shown({ part: '', problem: 'p', received: '', allowed: [], change: 'c', code: 'X' })).toMatch(
      /received {2}""\n {4}allowed {3}\[\]/,
    );
  });
});
