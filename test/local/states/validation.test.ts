import { describe, expect, it } from 'vitest';
import { describeDiagnostics } from '../../../local/states/validation/diagnostic.ts';
import { validateDefinition } from '../../../local/states/validation/validate-definition.ts';

const pass = { Type: 'Pass', End: true };

function said(definition: object, type: 'STANDARD' | 'EXPRESS' = 'STANDARD'): string {
  return describeDiagnostics(validateDefinition(JSON.stringify(definition), { type }));
}

const one = (state: object, machine: object = {}) =>
  said({ ...machine, StartAt: 'S', States: { S: state, ...('Next' in state ? { T: pass } : {}) } });

describe('a definition', () => {
  it('that is right has nothing said about it', () => {
    expect(one(pass)).toBe('');
  });

  it('has its fields, and no others', () => {
    expect(said({})).toBe('SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt, States] at /');
    expect(one({ ...pass, Foo: 1 })).toBe("SCHEMA_VALIDATION_FAILED: Field 'Foo' is not supported at /States/S");
    expect(one({ Type: 'Pass' })).toContain('should have only one of the following fields: [Next, End] at /States/S');
    expect(one({ ...pass, Next: 'T' })).toContain('There should only be one of the following fields: [Next, End]');
    expect(one({ Type: 'Task', End: true })).toBe(
      'SCHEMA_VALIDATION_FAILED: These fields are required: [Resource] at /States/S',
    );
    expect(one(pass, { Version: '2' })).toContain('Value should be one of the following: [1.0] at /Version');
  });

  it('has express children that do what express machines can', () => {
    const Send = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', End: true };
    const each = (ExecutionType: string, inner: object) => ({
      Type: 'Map',
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType }, StartAt: 'S1', States: { S1: inner } },
      End: true,
    });
    expect(one(each('STANDARD', Send))).toBe('');
    expect(one(each('EXPRESS', Send))).toContain("does not support '.waitForTaskToken' service integration");
    const nested = { ...each('EXPRESS', pass).ItemProcessor, StartAt: 'S2', States: { S2: pass } };
    expect(one(each('EXPRESS', { Type: 'Map', ItemProcessor: nested, End: true }))).toContain(
      "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines",
    );
  });

  it('is JSON', () => {
    const [found] = validateDefinition('{');
    expect(found).toMatchObject({ severity: 'ERROR', code: 'INVALID_JSON_DESCRIPTION' });
    expect(found).not.toHaveProperty('location');
  });

  it('goes somewhere, from everywhere', () => {
    const loop = { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } };
    expect(said({ StartAt: 'A', States: loop })).toBe('MISSING_END_STATE: Workflow has no terminal state at null');
    expect(said({ StartAt: 'A', States: { ...loop, C: pass } })).toBe(
      'MISSING_TRANSITION_TARGET: State "C" is not reachable. at /States/C',
    );
    expect(said({ StartAt: 'A', States: { A: { Type: 'Pass', Next: 'X' } } })).toBe(
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/A/Next, MISSING_END_STATE: Workflow has no terminal state at null",
    );
    const inside = { Type: 'Parallel', Branches: [{ StartAt: 'A', States: loop }], End: true };
    expect(one(inside)).toBe('');
  });

  it('gives every state a name of its own', () => {
    const inside = { Type: 'Parallel', Branches: [{ StartAt: 'S', States: { S: pass } }], End: true };
    expect(one(inside)).toBe('DUPLICATE_STATE_NAME: Duplicate State name: S at /States/S/Branches[0]/States/S');
    const long = 'x'.repeat(81);
    expect(said({ StartAt: long, States: { [long]: pass } })).toContain('INVALID_STATE_NAME: Invalid State name');
  });
});

describe('the query language', () => {
  const jsonata = { QueryLanguage: 'JSONata' };

  it('decides which fields there are', () => {
    expect(one({ ...pass, InputPath: '$.a' }, jsonata)).toBe(
      "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage at /States/S",
    );
    expect(one({ ...pass, Output: 1 })).toContain("field 'Output' is only supported for the 'JSONata' QueryLanguage");
  });

  it('of a state is not that of the states inside of it, and does not go back', () => {
    const states = { P: { ...pass, Output: 1 } };
    const map = { ...jsonata, Type: 'Map', ItemProcessor: { StartAt: 'P', States: states }, End: true };
    expect(one(map)).toContain("set to 'JSONPath', but field 'Output'");
    expect(one({ ...pass, QueryLanguage: 'JSONPath', Output: 1 }, jsonata)).toBe(
      "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/S",
    );
  });

  it.each([
    ['1 +', 'INVALID_JSONATA_EXPRESSION: Unexpected end of expression'],
    ['$$', "UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$$' is not supported."],
    ['$states.errorOutput', "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist."],
    ['$states.other', "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.other' does not exist."],
  ])('has its expressions checked: %s', (expression, expected) => {
    expect(one({ ...pass, Output: `{% ${expression} %}` }, jsonata)).toBe(`${expected} at /States/S/Output`);
  });

  it.each([
    [{ InputPath: 'a' }, 'Value must be a valid JSONPath. at /States/S/InputPath'],
    [{ ResultPath: '$.a[*]' }, 'Value is not a Reference Path at /States/S/ResultPath'],
    [{ ResultPath: '$$.a' }, 'Value is not a Reference Path at /States/S/ResultPath'],
    [{ Parameters: { 'a.$': 'b' } }, "The value for the field 'a.$' must be a valid JSONPath"],
    [{ Parameters: { 'a.$': 'States.Nothing()' } }, "The value for the field 'a.$' must be a valid JSONPath"],
    [{ Assign: { states: 1 } }, "RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'."],
    [{ Assign: { 'a-b': 1 } }, "INVALID_VARIABLE_NAME: Invalid variable name 'a-b'"],
  ])('has its paths checked: %j', (fields, expected) => {
    expect(one({ ...pass, ...fields })).toContain(expected);
  });
});

describe('a state', () => {
  it.each([
    [{ Type: 'Wait', Seconds: 1, Timestamp: '2026-01-01T00:00:00Z', End: true }, 'There should only be one of'],
    [{ Type: 'Wait', Timestamp: '2026-01-01', End: true }, 'String does not match RFC3339 timestamp'],
    [{ Type: 'Wait', Seconds: -1, End: true }, 'Minimum value is 0 at /States/S/Seconds'],
    [{ Type: 'Choice', Choices: [] }, 'Value cannot be empty at /States/S/Choices'],
    [{ Type: 'Parallel', Branches: [], End: true }, 'Value cannot be empty at /States/S/Branches'],
    [{ Type: 'Map', End: true }, 'only one of the following fields: [ItemProcessor, Iterator]'],
    [{ Type: 'Task', Resource: 'f', End: true }, 'Value is not a valid resource ARN at /States/S/Resource'],
    [{ Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.sync', End: true }, 'is not recognized'],
    [{ Type: 'Nothing', End: true }, 'Value should be one of the following: ['],
  ])('is what its type asks for: %j', (state, expected) => {
    expect(one(state)).toContain(expected);
  });

  it('tries again and catches in good order', () => {
    const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true };
    expect(one({ ...task, Retry: [{ ErrorEquals: ['States.ALL', 'A'] }] })).toContain(
      'States.ALL must appear alone and at end of list',
    );
    expect(one({ ...task, Retry: [{ ErrorEquals: ['A'], JitterStrategy: 'SOME' }] })).toContain('[NONE, FULL]');
    expect(one({ ...task, Retry: [{ ErrorEquals: ['A'], BackoffRate: 0.5 }] })).toContain('Minimum value is 1');
    expect(one({ ...task, Catch: [{ ErrorEquals: ['A'] }] })).toContain('These fields are required: [Next]');
  });

  const distributed = (fields: object, machine: object = {}) =>
    one(
      {
        Type: 'Map',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'I',
          States: { I: pass },
        },
        ...fields,
        End: true,
      },
      machine,
    );
  const reader = (ReaderConfig: object, action = 'getObject') =>
    distributed({ ItemReader: { Resource: `arn:aws:states:::s3:${action}`, Parameters: {}, ReaderConfig } });

  it.each([
    [{ InputType: 'CSV' }, "The field 'CSVHeaderLocation' is required"],
    [{ InputType: 'CSV', CSVHeaderLocation: 'GIVEN' }, 'These fields are required: [CSVHeaders]'],
    [{ InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW', CSVDelimiter: '#' }, '[COMMA, PIPE, SEMICOLON, SPACE, TAB]'],
    [{ InputType: 'JSON', CSVDelimiter: 'PIPE' }, "Field 'CSVDelimiter' is not supported"],
    [{ InputType: 'XML' }, '[CSV, JSON, JSONL, PARQUET, MANIFEST]'],
    [{ ManifestType: 'S3_INVENTORY', InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' }, "Field 'InputType' is not"],
    [{ ManifestType: 'OTHER' }, '[ATHENA_DATA, S3_INVENTORY]'],
    [{ Transformation: 'LOAD_AND_FLATTEN' }, 'These fields are required: [InputType]'],
    [{ InputType: 'JSON', MaxItems: 1, MaxItemsPath: '$.n' }, 'There should only be one of the following fields'],
    [{ InputType: 'JSON', MaxItems: 100_000_001 }, 'Maximum value is 100000000'],
  ])('reads items in ways that exist: %j', (config, expected) => {
    expect(reader(config)).toContain(expected);
  });

  it('puts items together by number or by size', () => {
    expect(distributed({ ItemBatcher: { MaxItemsPerBatch: 2, MaxInputBytesPerBatch: 262_144 } })).toBe('');
    expect(distributed({ ItemBatcher: {} })).toContain('These fields are required: [MaxItemsPerBatch');
    expect(distributed({ ItemBatcher: { MaxItemsPerBatch: 0 } })).toContain('Minimum value is 1');
    expect(distributed({ ItemBatcher: { MaxInputBytesPerBatch: 262_145 } })).toContain('Maximum value is 262144');
  });

  it('asks for results and errors only where there are any', () => {
    const jsonata = (state: object) => one(state, { QueryLanguage: 'JSONata' });
    const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true };
    const [result, error] = ['{% $states.result %}', '{% $states.errorOutput %}'];
    expect(jsonata({ ...task, Arguments: {}, Output: result, Assign: { a: result } })).toBe('');
    const noResult = "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist.";
    expect(jsonata({ ...task, Arguments: { a: result } })).toBe(`${noResult} at /States/S/Arguments/a`);
    expect(jsonata({ ...pass, Output: result })).toBe(`${noResult} at /States/S/Output`);
    const Catch = [{ ErrorEquals: ['States.ALL'], Output: error, Assign: { e: error }, Next: 'S' }];
    expect(jsonata({ ...task, Arguments: {}, Catch })).toBe('');
    expect(jsonata({ ...task, Arguments: {}, Output: error })).toContain("Field '$states.errorOutput' does not exist.");
  });

  it.each([
    ['phone', 'phone'],
    ['a.b', 'a'],
    ['$states.input.a + c', 'c'],
    ["{'k': [d]}", 'd'],
    ['$map($states.input.a, function($x) { e })', 'e'],
    ['(f; 1)', 'f'],
    ['$states.input.a[b > 1]^(c){d: e}', undefined],
    ['$states.input.(a & b)', undefined],
  ])('reads no fields where there is no data: %s', (expression, name) => {
    const found = one({ ...pass, Output: { v: `{% ${expression} %}` } }, { QueryLanguage: 'JSONata' });
    const wanted = `UNSUPPORTED_JSONATA_EXPRESSION: Reference to '${name}' at the top level is not supported. at /States/S/Output/v`;
    expect(found).toBe(name === undefined ? '' : wanted);
  });

  it('of an express machine waits for nothing outside', () => {
    const express = (state: object) => said({ StartAt: 'S', States: { S: state } }, 'EXPRESS');
    const task = (Resource: string) => express({ Type: 'Task', Resource, End: true });
    expect(task('arn:aws:states:::states:startExecution.sync:2')).toContain("does not support '.sync:2'");
    expect(task('arn:aws:states:us-east-1:1:activity:a')).toContain('does not support Activity ARN');
    const ProcessorConfig = { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' };
    const ItemProcessor = { ProcessorConfig, StartAt: 'P', States: { P: pass } };
    expect(express({ Type: 'Map', ItemProcessor, End: true })).toContain(
      "not supported inside 'EXPRESS' state machines",
    );
  });
});

it('warns of what looks like a path and is none', () => {
  const definition = {
    StartAt: 'S',
    States: {
      S: { Type: 'Pass', Result: { 'a.$': '$.b' }, Next: 'T' },
      T: { Type: 'Pass', Parameters: { a: '$.b' }, Next: 'F' },
      F: { Type: 'Fail', Error: '$.e' },
    },
  };
  expect(validateDefinition(JSON.stringify(definition)).map(({ code, location }) => `${code} ${location}`)).toEqual([
    'PASS_RESULT_IS_STATIC /States/S/Result',
    'NO_DOLLAR /States/T/Parameters',
    'NO_PATH /States/F/Error',
  ]);
});
