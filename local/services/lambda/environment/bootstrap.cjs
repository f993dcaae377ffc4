'use strict';
// Runs one function inside one process, as Lambda's own Node runtime does: loads the handler, then takes invocations off
// the Runtime API one after the other. Plain JavaScript and few modules, because every cold start pays for this file.
require('../../../host-prefixes.cjs');
const { writeSync } = require('node:fs');
const http = require('node:http');
const { AsyncLocalStorage } = require('node:async_hooks');
const { loadHandler } = require('./load-handler.cjs');
const { errorBody, patchConsole } = require('./console-output.cjs');
const { awslambda, ResponseStream, streamOptions } = require('./response-stream.cjs');

const environment = process.env;
const [host, port] = environment.AWS_LAMBDA_RUNTIME_API.split(':');
const logDescriptor = Number(environment._LAMBDA_TELEMETRY_LOG_FD);
delete environment._LAMBDA_TELEMETRY_LOG_FD;
globalThis.awslambda = awslambda;
const runtimePackages = environment._LAMBDA_RUNTIME_PACKAGES;
delete environment._LAMBDA_RUNTIME_PACKAGES;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const callbacksGone = Number(/\d+/.exec(environment.AWS_EXECUTION_ENV)?.[0]) >= 24;
const current = new AsyncLocalStorage();
let invocation;
let answering = false;

/** One message is one frame (length, then text), so that a message of several lines stays one log event. */
function emit(text) {
  const body = Buffer.from(text);
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32BE(body.length);
  body.copy(frame, 4);
  for (let written = 0; written < frame.length; ) written += writeSync(logDescriptor, frame, written);
}

const logError = patchConsole({
  emit,
  json: environment.AWS_LAMBDA_LOG_FORMAT === 'JSON',
  level: environment.AWS_LAMBDA_LOG_LEVEL,
  requestId: () => (current.getStore() ?? invocation)?.requestId,
});

function call(method, path, body, headers) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host, port, agent, method, path: `/2018-06-01/runtime/${path}`, headers },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

function post(path, body, errorType) {
  const bytes = Buffer.from(body);
  const headers = {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'x-peak-memory-kilobytes': process.resourceUsage().maxRSS,
  };
  if (errorType) headers['lambda-runtime-function-error-type'] = errorType;
  return call('POST', path, bytes, headers);
}

async function fail(id, error) {
  const body = errorBody(error);
  await post(`invocation/${id}/error`, JSON.stringify(body), body.errorType);
}

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  const clientContext = headers['lambda-runtime-client-context'];
  if (clientContext) context.clientContext = JSON.parse(clientContext);
  return context;
}

/** The result of one invocation: a promise, or a callback where the runtime still has them. */
function run(handler, event, context) {
  if (callbacksGone) return (async () => handler(event, context))();
  return new Promise((resolve, reject) => {
    let settled = false;
    const finish = (action) => {
      if (settled) return;
      settled = true;
      process.off('beforeExit', emptied);
      action();
    };
    const emptied = () => finish(() => resolve(null));
    const callback = (error, result) => {
      const action = () => (error === undefined || error === null ? resolve(result) : reject(error));
      if (!context.callbackWaitsForEmptyEventLoop || (error !== undefined && error !== null)) return finish(action);
      process.off('beforeExit', emptied);
      process.once('beforeExit', () => finish(action));
    };
    Object.assign(context, {
      done: callback,
      succeed: (result) => callback(null, result),
      fail: (error) => callback(error),
    });
    process.once('beforeExit', emptied);
    const returned = handler(event, context, callback);
    if (typeof returned?.then === 'function') {
      returned.then(
        (result) => finish(() => resolve(result)),
        (error) => finish(() => reject(error)),
      );
    }
  });
}

async function stream(handler, { requestId, headers, body, options }) {
  const path = `/2018-06-01/runtime/invocation/${requestId}/response`;
  const response = new ResponseStream({ host, port, path }, options);
  try {
    await handler(JSON.parse(body.toString('utf8') || 'null'), response, contextOf(headers));
    await response.finished();
  } catch (error) {
    logError('Invoke Error', error);
    // An answer that is complete cannot be taken back.
    if (response.writableFinished) return;
    if (!response.begun) return fail(requestId, error);
    const described = errorBody(error);
    await response.fail({ errorType: described.errorType, body: JSON.stringify(described) });
  }
}

/** Once, and only in the few functions that need it: `https` takes its time to load. */
function answerCustomResources() {
  if (answering) return;
  answering = true;
  require('./custom-resource-answers.cjs').redirectAnswers(environment.AWS_ENDPOINT_URL);
}

async function serve(handler) {
  const { headers, body } = await call('GET', 'invocation/next');
  const requestId = headers['lambda-runtime-aws-request-id'];
  invocation = { requestId };
  if (headers['lambda-runtime-trace-id']) environment._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  await current.run(invocation, async () => {
    const options = streamOptions(handler);
    if (options) return stream(handler, { requestId, headers, body, options });
    let answer;
    try {
      const event = JSON.parse(body.toString('utf8') || 'null');
      if (typeof event?.ResponseURL === 'string') answerCustomResources();
      const result = await run(handler, event, contextOf(headers));
      answer = JSON.stringify(result) ?? 'null';
    } catch (error) {
      logError('Invoke Error', error);
      return fail(requestId, error);
    }
    await post(`invocation/${requestId}/response`, answer);
  });
}

/** A failure that no promise of the handler carries ends the process, as it does on Lambda. */
function crash(kind, error, exitCode) {
  logError(kind, error);
  const told = invocation ? fail(invocation.requestId, error) : post('init/error', JSON.stringify(errorBody(error)));
  told.finally(() => process.exit(exitCode));
}

process.on('uncaughtException', (error) => crash('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason) => {
  const error = new Error(String(reason?.stack ?? reason));
  error.name = 'Runtime.UnhandledPromiseRejection';
  error.message = reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason);
  crash('Unhandled Promise Rejection', Object.assign(error, { reason }), 128);
});

async function main() {
  const handler = await loadHandler({
    taskRoot: environment.LAMBDA_TASK_ROOT,
    handler: environment._HANDLER,
    runtimePackages,
    callbacksGone,
  });
  // Ended by SIGKILL, this process never gets to write the compile cache at its exit.
  setImmediate(() => require('node:module').flushCompileCache?.());
  for (;;) {
    try {
      await serve(handler);
    } catch (error) {
      // The Runtime API is gone, and with it everyone who could want an answer.
      if (error.code === 'ECONNRESET' || error.code === 'ECONNREFUSED') process.exit(1);
      throw error;
    }
  }
}

main().catch((error) => {
  if (!invocation) return crash('Uncaught Exception', error, 1);
  throw error;
});
