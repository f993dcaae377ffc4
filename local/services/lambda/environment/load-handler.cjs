'use strict';
// Finds and loads the function that `_HANDLER` names.
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = `Runtime.${name}`;
  }
}

/** The `type` of the package.json nearest to `file`, not looking beyond `root`: on Lambda nothing is above it. */
function packageType(file, root) {
  for (let folder = path.dirname(file); folder.startsWith(root); folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type ?? 'commonjs';
  }
  return undefined;
}

/** A package.json above the code (the developer's project) must not turn its CommonJS files into ES modules. */
function confineToRoot(root) {
  const inherited = Module._extensions['.js'];
  Module._extensions['.js'] = (module, file) => {
    if (!file.startsWith(root + path.sep) || packageType(file, root) !== undefined) return inherited(module, file);
    module._compile(readFileSync(file, 'utf8'), file);
  };
}

/** Lambda's Node lets `import` look in NODE_PATH too, where layers are. */
function importFromNodePath() {
  const require = Module.createRequire(`${process.cwd()}/`);
  Module.registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (error.code !== 'ERR_MODULE_NOT_FOUND' || /^(\.|\/|[a-z]+:)/.test(specifier)) throw error;
        for (const folder of Module.globalPaths) {
          try {
            return next(specifier, {
              ...context,
              parentURL: pathToFileURL(path.join(folder, '..', 'from-layer.mjs')).href,
            });
          } catch (missing) {
            if (missing.code !== 'ERR_MODULE_NOT_FOUND') throw missing;
          }
        }
        require.resolve(specifier);
        throw error;
      }
    },
  });
}

async function load(file, root) {
  const esm = file.endsWith('.mjs') || (file.endsWith('.js') && packageType(file, root) === 'module');
  if (!esm) return require(file);
  importFromNodePath();
  return import(pathToFileURL(file).href);
}

/** Throws errors named as Lambda names them: `Runtime.ImportModuleError`, `Runtime.HandlerNotFound`, … */
async function loadHandler({ root, handler, callbacksGone }) {
  const name = path.basename(handler);
  const dot = name.indexOf('.');
  if (dot < 1 || dot === name.length - 1) throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  const base = path.resolve(root, path.dirname(handler), name.slice(0, dot));
  const file = [base, `${base}.js`, `${base}.mjs`, `${base}.cjs`].find(
    (each) => /\.[cm]?js$/.test(each) && existsSync(each),
  );
  if (!file) throw new RuntimeError('ImportModuleError', `Error: Cannot find module '${name.slice(0, dot)}'`);
  confineToRoot(root);
  let loaded;
  try {
    loaded = await load(file, root);
  } catch (error) {
    if (error instanceof SyntaxError) throw Object.assign(error, { name: 'Runtime.UserCodeSyntaxError' });
    if (!['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(error?.code)) throw error;
    throw new RuntimeError('ImportModuleError', `Error: ${error.message}`);
  }
  const found = name
    .slice(dot + 1)
    .split('.')
    .reduce((value, part) => value?.[part], loaded);
  if (found === undefined) throw new RuntimeError('HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw new RuntimeError('HandlerNotFound', `${handler} is not a function`);
  if (callbacksGone && found.length >= 3) {
    throw new RuntimeError(
      'CallbackHandlerDeprecated',
      'Node.js 24 has no callback-based handlers: use an async function, or return a promise',
    );
  }
  return found;
}

module.exports = { loadHandler };
