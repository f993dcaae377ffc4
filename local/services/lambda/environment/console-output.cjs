'use strict';
// What a function prints through `console`, in the two formats of Lambda's Node runtime, and how errors are printed.
const { format } = require('node:util');

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const methods = {
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'FATAL',
};

/** The Runtime API's error body; values that are no errors are named by their type. */
function errorBody(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function printedError(error) {
  if (!(error instanceof Error)) return errorBody(error);
  const { name, message, stack, ...own } = Object.assign({}, error);
  return { errorType: error.name, errorMessage: error.message, ...own, stack: (error.stack ?? '').split('\n') };
}

function textLine(level, requestId, values) {
  return `${new Date().toISOString()}\t${requestId ?? 'undefined'}\t${level}\t${format(...values)}`;
}

function jsonLine(level, requestId, values) {
  const line = { timestamp: new Date().toISOString(), level };
  if (requestId) line.requestId = requestId;
  const error = values.find((value) => value instanceof Error);
  if (values.length === 1 && !error) {
    try {
      return JSON.stringify({ ...line, message: values[0] });
    } catch {
      // A value that JSON cannot hold (a cycle, a bigint) is printed as text instead.
    }
  }
  Object.assign(line, { message: format(...values) }, error ? errorFields(error) : {});
  return JSON.stringify(line);
}

function errorFields(error) {
  return { errorType: error.name, errorMessage: error.message, stackTrace: (error.stack ?? '').split('\n') };
}

/**
 * Points `console` at `emit`. `level` drops what is below it (JSON format only, as on Lambda).
 * Returns how the runtime itself prints an error.
 */
function patchConsole({ emit, json, level, requestId }) {
  const lowest = json && level ? levels.indexOf(level) : 0;
  const line = json ? jsonLine : textLine;
  for (const [method, name] of Object.entries(methods)) {
    const wanted = levels.indexOf(name) >= lowest;
    console[method] = wanted ? (...values) => emit(line(name, requestId(), values)) : () => {};
  }
  return (kind, error) => {
    if (json)
      return emit(jsonLine('ERROR', requestId(), [error instanceof Error ? error : `${kind}: ${format(error)}`]));
    emit(textLine('ERROR', requestId(), [`${kind} \t${JSON.stringify(printedError(error))}`]));
  };
}

module.exports = { errorBody, patchConsole };
