import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LambdaCloud, lambdaCloud } from './lambda-cloud.ts';

describe('the Node runtime', () => {
  let lambda: LambdaCloud;
  beforeAll(async () => {
    lambda = await lambdaCloud();
  });
  afterAll(() => lambda.close());

  it('gives the handler a context', async () => {
    await lambda.deploy('context', 'return { ...context, left: context.getRemainingTimeInMillis() }', { Timeout: 10 });
    const { result } = await lambda.invoke('context');
    expect(result).toMatchObject({
      functionName: 'context',
      functionVersion: '$LATEST',
      memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/context',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:context',
    });
    expect(result.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(result.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    expect(result.left).toBeGreaterThan(8000);
    expect(result.left).toBeLessThanOrEqual(10_000);
  });

  it("sets Lambda's variables and the function's own, and nothing of this process", async () => {
    process.env.SECRET_OF_THE_DEVELOPER = 'canary';
    await lambda.deploy('variables', 'return process.env', { Environment: { Variables: { STAGE: 'local' } } });
    const { result } = await lambda.invoke('variables');
    delete process.env.SECRET_OF_THE_DEVELOPER;
    expect(result).toMatchObject({
      STAGE: 'local',
      AWS_ENDPOINT_URL: lambda.cloud.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'variables',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      _HANDLER: 'index.handler',
    });
    expect(result.AWS_LAMBDA_RUNTIME_API).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(result._X_AMZN_TRACE_ID).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
    expect(result).not.toHaveProperty('SECRET_OF_THE_DEVELOPER');
    expect(result).not.toHaveProperty('HOME');
  });

  it("gives credentials that act as the function's role", async () => {
    await lambda.deploy('credentials', 'return process.env.AWS_ACCESS_KEY_ID');
    const { result } = await lambda.invoke('credentials');
    expect(lambda.cloud.authorizer.credentialsOf(result)?.principal).toMatchObject({
      kind: 'role',
      arn: 'arn:aws:sts::000000000000:assumed-role/worker/credentials',
    });
  });

  it('loads CommonJS although a package.json above it says module', async () => {
    const path = lambda.folder({
      'index.js': "exports.handler = async () => require('./part').value",
      'part.js': 'exports.value = 42',
    });
    writeFileSync(join(dirname(path), 'package.json'), '{"type":"module"}');
    await lambda.deploy('commonjs', {}, { Code: { LocalPath: path } as never });
    expect((await lambda.invoke('commonjs')).result).toBe(42);
  });

  it.each([
    ['an .mjs file', { 'index.mjs': 'export const handler = async () => import.meta.filename.slice(-9)' }, 'index.mjs'],
    [
      'a .js file in a module package',
      { 'package.json': '{"type":"module"}', 'index.js': "await 0; export const handler = () => 'esm'" },
      'esm',
    ],
    [
      'a .js file written as a module without a package',
      { 'index.js': "export const handler = () => 'found'" },
      'found',
    ],
  ])('loads an ES module from %s', async (title, files, expected) => {
    const name = title.replaceAll(/\W/g, '-');
    await lambda.deploy(name, files as Record<string, string>);
    expect((await lambda.invoke(name)).result).toBe(expected);
  });

  it.each([
    ['require', { 'index.js': "exports.handler = async () => require('above').value" }],
    ['import', { 'index.mjs': "export const handler = async () => (await import('above')).default.value" }],
  ])('does not find packages above the code by %s, unless a layer has them', async (how, files) => {
    const path = lambda.folder(files as Record<string, string>);
    const above = join(dirname(path), 'node_modules', 'above');
    mkdirSync(above, { recursive: true });
    writeFileSync(join(above, 'index.js'), "exports.value = 'of the developer'");
    await lambda.deploy(`${how}-above`, {}, { Code: { LocalPath: path } as never });
    expect((await lambda.invoke(`${how}-above`)).result.errorMessage).toMatch(/Cannot find (module|package) 'above'/);
    const layer = lambda.folder({ 'nodejs/node_modules/above/index.js': "exports.value = require('beside').value" });
    const beside = join(layer, 'nodejs/node_modules/beside');
    mkdirSync(beside);
    writeFileSync(join(beside, 'index.js'), "exports.value = 'of the layer'");
    const { LayerVersionArn } = await lambda.call('PublishLayerVersion', {
      LayerName: how,
      Content: { LocalPath: layer },
    });
    await lambda.call('UpdateFunctionConfiguration', { FunctionName: `${how}-above`, Layers: [LayerVersionArn] });
    expect((await lambda.invoke(`${how}-above`)).result).toBe('of the layer');
  });

  it('finds handlers in folders and in objects', async () => {
    await lambda.deploy(
      'nested',
      { 'src/app.js': "exports.api = { get: async () => 'deep' }" },
      { Handler: 'src/app.api.get' },
    );
    expect((await lambda.invoke('nested')).result).toBe('deep');
  });

  it.each([
    ['missing-file', 'nowhere.handler', 'Runtime.ImportModuleError', "Error: Cannot find module 'nowhere'"],
    ['missing-function', 'index.other', 'Runtime.HandlerNotFound', 'index.other is undefined or not exported'],
    ['malformed', 'index', 'Runtime.MalformedHandlerName', 'Bad handler'],
  ])('answers %s with the error that Lambda gives', async (name, Handler, errorType, errorMessage) => {
    await lambda.deploy(name, 'return 1', { Handler });
    const { FunctionError, result } = await lambda.invoke(name);
    expect({ FunctionError, ...result }).toMatchObject({ FunctionError: 'Unhandled', errorType, errorMessage });
  });

  it('answers broken code with a syntax error, and a failing start with its error', async () => {
    await lambda.deploy('broken', { 'index.js': 'exports.handler = async () => {' });
    expect((await lambda.invoke('broken')).result.errorType).toBe('Runtime.UserCodeSyntaxError');
    await lambda.deploy('failing', { 'index.js': "throw new TypeError('no configuration')" });
    expect((await lambda.invoke('failing')).result).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'no configuration',
    });
  });

  it('takes callbacks where the runtime has them, and refuses them where it has not', async () => {
    const files = {
      'index.js': "exports.handler = (event, context, callback) => setTimeout(() => callback(null, 'called'), 5)",
    };
    await lambda.deploy('callback', files, { Runtime: 'nodejs22.x' });
    expect((await lambda.invoke('callback')).result).toBe('called');
    await lambda.deploy('callback-24', files);
    expect((await lambda.invoke('callback-24')).result.errorType).toBe('Runtime.CallbackHandlerDeprecated');
  });

  it('waits for an empty event loop after a callback, unless told not to', async () => {
    const source = (wait: boolean) => ({
      'index.js': `let late = false;
        exports.handler = (event, context, callback) => {
          context.callbackWaitsForEmptyEventLoop = ${wait};
          setTimeout(() => { late = true; }, 30);
          callback(null, { get late() { return late; } });
        }`,
    });
    await lambda.deploy('waiting', source(true), { Runtime: 'nodejs22.x' });
    expect((await lambda.invoke('waiting')).result).toEqual({ late: true });
    await lambda.deploy('hasty', source(false), { Runtime: 'nodejs22.x' });
    expect((await lambda.invoke('hasty')).result).toEqual({ late: false });
  });

  it.each([
    [
      'uncaught',
      "setTimeout(() => { throw new TypeError('late'); }); await new Promise(() => setTimeout(() => {}, 9000))",
      'TypeError',
    ],
    [
      'unhandled',
      "Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 9000))",
      'Runtime.UnhandledPromiseRejection',
    ],
    ['leaving', 'process.exit(3)', 'Runtime.ExitError'],
  ])('answers and starts anew after the process has ended (%s)', async (name, body, errorType) => {
    await lambda.deploy(name, `if (event.die) { ${body} } return process.pid`);
    const before = (await lambda.invoke(name)).result;
    const { FunctionError, result } = await lambda.invoke(name, { die: true });
    expect({ FunctionError, errorType: result.errorType }).toEqual({ FunctionError: 'Unhandled', errorType });
    const after = (await lambda.invoke(name)).result;
    expect(after).toBeGreaterThan(0);
    expect(after).not.toBe(before);
  });

  it('fails at once where the runtime dies at its start, and says in the log why', async () => {
    const Environment = { Variables: { NODE_OPTIONS: '--no-such-flag' } };
    await lambda.deploy('stillborn', 'return 1', { Environment });
    const { result } = await lambda.invoke('stillborn');
    expect(result).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/Error: Runtime exited with error: exit status 9$/),
    });
    expect((await lambda.messages('stillborn')).join('\n')).toContain('--no-such-flag is not allowed');
  });

  it('names the exit in the message', async () => {
    await lambda.deploy('exit', 'process.exit(event.code)');
    expect((await lambda.invoke('exit', { code: 3 })).result.errorMessage).toMatch(
      /^RequestId: \S+ Error: Runtime exited with error: exit status 3$/,
    );
    expect((await lambda.invoke('exit', { code: 0 })).result.errorMessage).toMatch(
      /Error: Runtime exited without providing a reason$/,
    );
  });

  it('answers null for undefined, and an error for what JSON cannot hold', async () => {
    await lambda.deploy('nothing', 'return undefined');
    expect((await lambda.invoke('nothing')).result).toBeNull();
    await lambda.deploy('unprintable', 'return 1n');
    expect((await lambda.invoke('unprintable')).result.errorType).toBe('TypeError');
  });

  it('starts in a temporary folder of its own that is gone when the environment is', async () => {
    const source =
      "require('fs').writeFileSync('kept', 'x'); return { cwd: process.cwd(), tmp: require('os').tmpdir() }";
    await lambda.deploy('temporary', source);
    const { cwd, tmp } = (await lambda.invoke('temporary')).result;
    expect(tmp).toBe(cwd);
    expect(existsSync(join(cwd, 'kept'))).toBe(true);
    await lambda.deploy('other', source);
    expect((await lambda.invoke('other')).result.cwd).not.toBe(cwd);
    await lambda.call('DeleteFunction', { FunctionName: 'temporary' });
    await expect.poll(() => existsSync(cwd)).toBe(false);
  });
});
