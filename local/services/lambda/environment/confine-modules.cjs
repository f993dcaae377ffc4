'use strict';
// On Lambda nothing is above the code. Here it lies somewhere in a developer's project, whose packages and package.json
// must not be found: a function would work on this machine and fail where it is deployed.
const { existsSync, readFileSync, realpathSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');

const isWithin = (file, folder) => file === folder || file.startsWith(folder + path.sep);

/** The `type` of the package.json nearest to `file`, not looking beyond `root`; undefined where there is none. */
function packageType(file, root) {
  for (let folder = path.dirname(file); isWithin(folder, root); folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type ?? 'commonjs';
  }
  return undefined;
}

/**
 * Confines `require` to the code and to the folders of NODE_PATH, where layers are. The packages that come with the
 * runtime find what they need themselves in `runtimePackages`.
 */
function confineRequire(root, runtimePackages) {
  const folders = [root, ...Module.globalPaths.filter(existsSync).map((folder) => realpathSync(folder))];
  const inheritedPaths = Module._nodeModulePaths;
  Module._nodeModulePaths = (from) => {
    if (runtimePackages && isWithin(from, runtimePackages)) return inheritedPaths(from);
    return inheritedPaths(from).filter((candidate) => folders.some((folder) => isWithin(candidate, folder)));
  };
  const inheritedLoad = Module._extensions['.js'];
  Module._extensions['.js'] = (module, file) => {
    if (!isWithin(file, root) || packageType(file, root) !== undefined) return inheritedLoad(module, file);
    module._compile(readFileSync(file, 'utf8'), file);
  };
}

const isMissing = (error) => error.code === 'ERR_MODULE_NOT_FOUND';

/** Confines `import` likewise, and lets it look in NODE_PATH too, as Lambda's Node does. */
function confineImport(root) {
  const within = (url, folder) => !url.startsWith('file:') || isWithin(fileURLToPath(url), folder);
  Module.registerHooks({
    resolve(specifier, context, next) {
      // Files, built-in modules and what CommonJS asks for are none of its business.
      if (/^(\.|\/|[a-z]+:)/.test(specifier) || !context.conditions?.includes('import'))
        return next(specifier, context);
      let missing;
      try {
        const found = next(specifier, context);
        if (within(found.url, root) || fromNodePath(context.parentURL)) return found;
      } catch (error) {
        if (!isMissing(error)) throw error;
        missing = error;
      }
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
      const folder = Module.globalPaths.find((each) => existsSync(path.join(each, name)));
      if (!folder) throw missing ?? notFound(specifier, context.parentURL);
      return next(specifier, { ...context, parentURL: pathToFileURL(path.join(folder, '..', 'import.mjs')).href });
    },
  });

  function fromNodePath(parentUrl = '') {
    return parentUrl.startsWith('file:') && !isWithin(fileURLToPath(parentUrl), root);
  }
}

function notFound(specifier, parentUrl) {
  const error = new Error(`Cannot find package '${specifier}' imported from ${fileURLToPath(parentUrl)}`);
  error.code = 'ERR_MODULE_NOT_FOUND';
  return error;
}

module.exports = { confineImport, confineRequire, packageType };
