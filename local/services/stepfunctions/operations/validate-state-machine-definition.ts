import type { Operation } from '../../../service.ts';
import { diagnosticsOf } from '../valid-definition.ts';

/** AWS shows at most so many diagnostics. */
const mostDiagnostics = 100;

export const validateStateMachineDefinition = (): Operation => async (input) => {
  const all = diagnosticsOf(input.definition, input.type ?? 'STANDARD');
  const shown = input.severity === 'WARNING' ? all : all.filter(({ severity }) => severity === 'ERROR');
  const diagnostics = shown.slice(0, input.maxResults || mostDiagnostics);
  return {
    result: all.some(({ severity }) => severity === 'ERROR') ? 'FAIL' : 'OK',
    diagnostics,
    truncated: diagnostics.length < shown.length,
  };
};
