import type { FaultPlanError } from '../../local/index.ts';
import { asJson } from '../core/as-json.ts';
import { AccessRefusedError } from '../core/errors/access-refused-error.ts';
import { PenstockError } from '../core/errors/penstock-error.ts';
import { ServiceUnavailableError } from '../core/errors/service-unavailable-error.ts';
import { DefinitionInvalidError, type Problem } from '../definition/index.ts';
import { PipelineFileError } from './pipeline-file-error.ts';
import type { Printer } from './print.ts';
import { ProjectFaultsError } from './project-faults-error.ts';

/** One problem as it is shown and as programs get it. */
export type Fault = Problem & { readonly code: string };

/** More of a received value than this helps nobody; of a structure still less. */
const mostCharacters = 400;
const mostOfStructure = 120;

/** Every problem behind an error. An error that nobody foresaw is ours, and keeps its stack. */
export function faultsOf(error: unknown): Fault[] {
  if ((error as Partial<FaultPlanError>)?.code === 'LOCAL_FAULT_PLAN_INVALID')
    return ofFaultPlan(error as FaultPlanError);
  if (error instanceof AggregateError) return error.errors.flatMap(faultsOf);
  if (error instanceof ProjectFaultsError) return [...error.faults];
  if (error instanceof DefinitionInvalidError)
    return error.problems.map((problem) => ({ ...problem, code: error.code }));
  if (error instanceof PenstockError) {
    const outside = ofCall(error);
    if (outside) return [outside];
    const { problem, received, allowed, change, code, cause } = error;
    const fault = { part: '', problem, received, allowed, change, code };
    if (!(error instanceof PipelineFileError)) return [fault];
    return [{ ...fault, at: error.at, code: cause instanceof PenstockError ? cause.code : code }];
  }
  return [ofService(error) ?? unexpected(error)];
}

/** Shows a problem in its four parts, with its place. */
export function showFault(printer: Printer, fault: Fault, indent = ''): void {
  const where = [fault.at, fault.part].filter(Boolean).join('  ');
  const part = (name: string, value: unknown) => {
    const [first, ...others] = shown(value).split('\n');
    printer.line(`${indent}    ${name.padEnd(9)} ${first}`);
    for (const line of others) printer.line(`${indent}${' '.repeat(14)}${line}`);
  };
  printer.line(`${indent}${printer.paint('red', '✗')} ${printer.paint('bold', fault.problem)}`);
  if (where) part('at', where);
  if (fault.received !== undefined) part('received', fault.received);
  if (fault.allowed !== undefined) part('allowed', fault.allowed);
  part('change', fault.change);
}

function shown(value: unknown): string {
  const whole = value === '' ? '""' : text(value) || '[]';
  const most = typeof value === 'string' || Array.isArray(value) ? mostCharacters : mostOfStructure;
  return whole.length <= most ? whole : `${whole.slice(0, most)}…`;
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(text).join(', ');
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'number' ? String(value) : (asJson(value) ?? String(value));
}

/** Local AWS names the places of a plan that it cannot carry out; only `penstock local --faults` reads one. */
function ofFaultPlan({ problems, code }: FaultPlanError): Fault[] {
  return problems.map(({ at, ...rest }) => ({
    ...rest,
    part: '',
    at: `${at} in the file of --faults`,
    change: 'correct this place of the file',
    code,
  }));
}

/** A call that nobody answered, or that was refused: who sits here has no function and no role, but an endpoint and credentials. */
function ofCall(error: PenstockError): Fault | undefined {
  const silent = error instanceof ServiceUnavailableError && statusOf(error.cause) === undefined;
  if (!silent && !(error instanceof AccessRefusedError)) return undefined;
  const fault = ofService(error.cause);
  return fault && { ...fault, received: `${error.problem}: ${fault.received}` };
}

function statusOf(error: unknown): number | undefined {
  return (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** Nobody was there, or went away before there was an answer: a file that is sent is not sent again by the SDK. */
const silentCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT']);

/** What the SDK, the network or the disk say of a call. */
function ofService(error: unknown): Fault | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, port, address, $metadata } = error as NodeJS.ErrnoException & {
    readonly port?: number;
    readonly address?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  const whole = { part: '', received: [error.name, error.message].filter(Boolean).join(': ') };
  if (code === 'EADDRINUSE')
    return {
      part: '',
      problem: 'the port is in use',
      received: `${address}:${port}`,
      allowed: 'a port that nothing listens on; 0 takes any free one',
      change: 'stop what listens there, or give another --port',
      code: 'PORT_IN_USE',
    };
  if (error.name === 'CredentialsProviderError' || /^Region is missing/.test(error.message))
    return {
      ...whole,
      problem: 'AWS does not know who asks',
      allowed: 'credentials and a region, as the AWS command line finds them',
      change: 'set AWS_PROFILE or sign in, and set AWS_REGION',
      code: 'AWS_CREDENTIALS',
    };
  if ($metadata?.httpStatusCode !== undefined)
    return {
      ...whole,
      problem: 'AWS refused a call',
      allowed: 'credentials that may use the lake bucket and the run table',
      change: 'look at the permissions of the role in use, and at the names that the environment gives',
      code: 'AWS_REFUSED',
    };
  if (code !== undefined && silentCodes.has(code))
    return {
      ...whole,
      problem: 'nothing answers at the endpoint',
      allowed: 'local AWS that runs in this folder, or a deployed platform',
      change: 'start `npx penstock local` in another terminal, or correct AWS_ENDPOINT_URL',
      code: 'NO_ANSWER',
    };
  if (code === 'EACCES' || code === 'EPERM' || code === 'ENOSPC' || code === 'EROFS')
    return {
      ...whole,
      problem: 'a file cannot be used',
      allowed: 'files that this user may read, and a disk with room',
      change: 'look at the permissions and at the free space',
      code: 'FILE_REFUSED',
    };
  return undefined;
}

function unexpected(error: unknown): Fault {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return {
    part: '',
    problem: `something went wrong in penstock itself: ${message}`,
    received: stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 6)
      .map((line) => line.trim())
      .join('\n'),
    change: 'report this with the lines above',
    code: 'UNEXPECTED',
  };
}
