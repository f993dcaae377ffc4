import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';

/** What a function's code sees as its own instead of this process's. */
export const shadowed = [
  'exports',
  'require',
  'module',
  'process',
  'Date',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'performance',
  'WeakMap',
] as const;

type Own = Readonly<Record<(typeof shadowed)[number], unknown>>;
/** Evaluates code with what it is to see as its own. */
type Code = (own: Own) => void;

const byPath = new Map<string, Code>();
type Evaluate = (...values: unknown[]) => void;
/** By its text, in which plans have a name instead. */
const byText = new Map<string, Evaluate>();

/** A plan, as it stands in code. */
const planText = /"\{\\"planVersion\\":(?:[^"\\]|\\.)*"/;
const planName = 'planOfPipeline';

/**
 * The code of a file, compiled once for all functions, and for all files that differ in nothing but the plan: V8 learns
 * for each anew how to run it fast, and pipelines are many.
 */
export function codeOf(file: string): Code {
  const code = byPath.get(file) ?? read(file);
  byPath.set(file, code);
  return code;
}

function read(file: string): Code {
  const whole = readFileSync(file, 'utf8');
  const [literal] = planText.exec(whole) ?? [];
  const text = literal === undefined ? whole : whole.replaceAll(literal, () => planName);
  const plan = literal === undefined ? undefined : JSON.parse(literal);
  const evaluate = byText.get(text) ?? (compileFunction(text, [...shadowed, planName], { filename: file }) as Evaluate);
  byText.set(text, evaluate);
  return (own) => evaluate(...shadowed.map((name) => own[name]), plan);
}
