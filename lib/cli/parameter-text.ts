import type { ParameterValues } from '../component/parameter.ts';

/** What a run was given, in one line. */
export function parameterText(values: ParameterValues): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value ?? '(none)'}`)
    .join(', ');
}
