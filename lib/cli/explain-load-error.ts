import { fileURLToPath } from 'node:url';
import { PenstockError } from '../core/errors/penstock-error.ts';
import { nearest } from '../core/nearest.ts';
import { DefinitionInvalidError } from '../definition/index.ts';
import {
  PipelineFileError,
  type Place,
  parsedAt,
  placeOf,
  placeText,
  sourceLine,
  thrownAt,
} from './pipeline-file-error.ts';

/** What came of importing a user's file, in the user's terms. Errors of our own code are given back as they are. */
export async function explainLoadError(error: unknown, file: string): Promise<unknown> {
  if (error instanceof DefinitionInvalidError) return error;
  // Several columns of one contract.
  if (error instanceof AggregateError && error.errors.every((one) => one instanceof PenstockError))
    return new AggregateError(await Promise.all(error.errors.map((one) => explainLoadError(one, file))));
  if (!(error instanceof Error)) return ended({ file }, error);
  if (error instanceof PenstockError) {
    const { problem, received, allowed, change } = error;
    return new PipelineFileError(placeText(thrownAt(error).place ?? { file }), {
      problem,
      received,
      allowed,
      change,
      cause: error,
    });
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_MODULE_NOT_FOUND') return notFound(error, file);
  if (error instanceof SyntaxError) return syntax(error, file);
  const { place = { file }, inLibrary } = thrownAt(error);
  if (error instanceof ReferenceError) return undefinedName(error, place);
  return inLibrary ? wrongArgument(place, error) : ended(place, error);
}

function notFound(error: Error, file: string): PipelineFileError {
  const { url } = error as Error & { readonly url?: string };
  const missing = url?.startsWith('file:') ? fileURLToPath(url) : undefined;
  const from = /imported from (.+)$/.exec(error.message)?.[1] ?? file;
  const wanted = /'([^']+)'/.exec(error.message)?.[1] ?? error.message;
  const isFile = missing !== undefined && wanted === missing;
  const place = placeOf(from, isFile ? missing.split('/').at(-1)! : `'${wanted}'`);
  return new PipelineFileError(placeText(place), {
    problem: isFile ? 'the file imports a file that is not there' : 'the file imports a package that is not installed',
    received: sourceLine(place) ?? wanted,
    allowed: isFile ? 'a file below this folder, with its ending (.ts)' : 'penstock, zod, and packages of package.json',
    change: isFile ? 'correct the path' : `correct the name, or run \`npm install ${wanted}\``,
    cause: error,
  });
}

async function syntax(error: SyntaxError, file: string): Promise<PipelineFileError> {
  const place = parsedAt(error) ?? { file };
  const at = placeText(place);
  const received = sourceLine(place);
  const name = /does not provide an export named '(.+)'/.exec(error.message)?.[1];
  if (name !== undefined) {
    const names = await authoringNames();
    const guess = nearest(name, names);
    const ours = /module 'penstock'/.test(error.message);
    return new PipelineFileError(at, {
      problem: error.message.replace(/^The requested module/, 'the module'),
      received,
      allowed: ours ? names : undefined,
      change: ours && guess ? `did you mean "${guess}"?` : 'import a name that the module exports',
      cause: error,
    });
  }
  const unsupported = (error as NodeJS.ErrnoException).code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX';
  return new PipelineFileError(at, {
    problem: unsupported ? error.message : `the file cannot be parsed: ${error.message}`,
    received,
    allowed: unsupported
      ? 'TypeScript whose types can be left out: no enums, namespaces or parameter properties'
      : 'TypeScript',
    change: unsupported ? 'write it in JavaScript with types, e.g. a constant object for an enum' : 'correct the line',
    cause: error,
  });
}

async function undefinedName(error: ReferenceError, place: Place): Promise<PipelineFileError> {
  const name = /^(\S+) is not defined/.exec(error.message)?.[1];
  const names = await authoringNames();
  const guess = name && nearest(name, names);
  return new PipelineFileError(placeText(place), {
    problem: error.message,
    received: sourceLine(place),
    allowed: 'names that the file imports or declares',
    change:
      name === 'z'
        ? "import it: `import * as z from 'zod'`"
        : name && names.includes(name)
          ? `add ${name} to what the file imports from penstock`
          : guess
            ? `did you mean "${guess}"?`
            : 'import or declare it',
    cause: error,
  });
}

/** A call that ends with an error of our code: types would have refused its arguments, unless the mistake is ours. */
function wrongArgument(place: Place, error: Error): PipelineFileError {
  return new PipelineFileError(placeText(place), {
    problem: `penstock cannot do with the arguments of this call: ${error.message}`,
    received: sourceLine(place),
    allowed: 'what the types of the function take: `npx tsc --noEmit` names the argument',
    change: 'correct the arguments; where they are right, report this',
    cause: error,
  });
}

function ended(place: Place, error: unknown): PipelineFileError {
  return new PipelineFileError(placeText(place), {
    problem: `the file ends with an error of its own: ${error instanceof Error ? error.message : String(error)}`,
    received: sourceLine(place),
    allowed: 'a file that can be imported without an error',
    change: 'correct the line',
    cause: error,
  });
}

async function authoringNames(): Promise<string[]> {
  const doors = await Promise.all([import('../definition/index.ts'), import('../registry/authoring.ts')]);
  // The one name of those doors that is not for pipeline files.
  return doors.flatMap((door) => Object.keys(door)).filter((name) => /^[a-z]/.test(name) && name !== 'userFunctions');
}
