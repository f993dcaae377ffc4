import { jsonHttp } from '../../protocols/json.ts';
import type { Operation, ServiceFactory } from '../../service.ts';
import { createCore } from './core.ts';
import { operations } from './operations/index.ts';
import { checkParameters } from './parameters.ts';
import { permissions } from './permissions.ts';

/** Every operation looks at its parameters before it does anything. */
function checked(name: string, operation: Operation): Operation {
  return async (input, context) => {
    checkParameters(name, input);
    return operation(input, context);
  };
}

/** AWS Step Functions: state machines, run by the interpreter in `local/states`. */
export const createStepFunctions: ServiceFactory = (cloud) => {
  const core = createCore(cloud);
  const bound = Object.entries(operations).map(([name, create]): [string, Operation] => [
    name,
    checked(name, create(core)),
  ]);
  return {
    name: 'states',
    operations: Object.fromEntries(bound),
    permissions: (operation, input) => permissions(operation, input, core.tokens),
    http: jsonHttp(cloud, 'states', { version: '1.0', errorNamespace: 'com.amazonaws.states#' }),
    async start() {
      core.executions.resumeAll();
    },
    close: () => core.executions.close(),
  };
};
