'use strict';
// Finds and loads the function that `_HANDLER` names.
const { existsSync, realpathSync } = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { confineImport, confineRequire, packageType } = require('./confine-modules.cjs');
const { streamOptions } = require('./response-stream.cjs');

class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = `Runtime.${name}`;
  }
}

async function load(file, root, runtimePackages) {
  confineRequire(root, runtimePackages);
  const esm = file.endsWith('.mjs') || (file.endsWith('.js') && packageType(file, root) === 'module');
  if (!esm) return require(file);
  confineImport(root);
  return import(pathToFileURL(file).href);
}

/** Throws errors named as Lambda names them: `Runtime.ImportModuleError`, `Runtime.HandlerNotFound`, … */
async function loadHandler({ taskRoot, handler, callbacksGone, runtimePackages }) {
  const root = realpathSync(taskRoot);
  const name = path.basename(handler);
  const dot = name.indexOf('.');
  if (dot < 1 || dot === name.length - 1) throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  const base = path.resolve(root, path.dirname(handler), name.slice(0, dot));
  const file = ['.js', '.mjs', '.cjs'].map((extension) => base + extension).find(existsSync);
  if (!file) throw new RuntimeError('ImportModuleError', `Error: Cannot find module '${name.slice(0, dot)}'`);
  let loaded;
  try {
    loaded = await load(file, root, runtimePackages);
  } catch (error) {
    if (error instanceof SyntaxError) throw Object.assign(error, { name: 'Runtime.UserCodeSyntaxError' });
    if (!['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(error?.code)) throw error;
    throw new RuntimeError('ImportModuleError', `Error: ${error.message}`);
  }
  const parts = name.slice(dot + 1).split('.');
  const found = parts.reduce((value, part) => value?.[part], loaded);
  if (found === undefined) throw new RuntimeError('HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw new RuntimeError('HandlerNotFound', `${handler} is not a function`);
  if (callbacksGone && found.length >= 3 && !streamOptions(found)) {
    throw new RuntimeError(
      'CallbackHandlerDeprecated',
      'Node.js 24 has no callback-based handlers: use an async function, or return a promise',
    );
  }
  return found;
}

module.exports = { loadHandler };
