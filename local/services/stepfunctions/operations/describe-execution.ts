import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { describeExecution as describe } from '../describe-execution.ts';
import { findExecution } from '../find.ts';

export const describeExecution =
  (core: StepFunctionsCore): Operation =>
  async (input) => {
    const described = describe(core, findExecution(core, input.executionArn));
    if (input.includedData !== 'METADATA_ONLY') return described;
    const { input: _input, output: _output, error: _error, cause: _cause, ...metadata } = described;
    return {
      ...metadata,
      inputDetails: { included: false },
      ...(described.outputDetails ? { outputDetails: { included: false } } : {}),
    };
  };
