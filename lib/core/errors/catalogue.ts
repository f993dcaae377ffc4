import { AccessRefusedError } from './access-refused-error.ts';
import { BackfillRefusedError } from './backfill-refused-error.ts';
import { ChunkDiffersError } from './chunk-differs-error.ts';
import { ChunkInterruptedError } from './chunk-interrupted-error.ts';
import { CircuitOpenError } from './circuit-open-error.ts';
import { CircuitStateError } from './circuit-state-error.ts';
import { CommitConflictError } from './commit-conflict-error.ts';
import { CriticalRejectError } from './critical-reject-error.ts';
import { CursorLostError } from './cursor-lost-error.ts';
import { CursorMovedError } from './cursor-moved-error.ts';
import { CursorRefusedError } from './cursor-refused-error.ts';
import { EnvironmentIncompleteError } from './environment-incomplete-error.ts';
import { InputChangedError } from './input-changed-error.ts';
import { InputConsumedError } from './input-consumed-error.ts';
import { InputMissingError } from './input-missing-error.ts';
import { LedgerImbalanceError } from './ledger-imbalance-error.ts';
import { MessageMalformedError } from './message-malformed-error.ts';
import { NotSupportedError } from './not-supported-error.ts';
import { ParameterInvalidError } from './parameter-invalid-error.ts';
import type { FailureKind } from './penstock-error.ts';
import { PipelineStateError } from './pipeline-state-error.ts';
import { PlanChangedError } from './plan-changed-error.ts';
import { PlanInconsistentError } from './plan-inconsistent-error.ts';
import { RejectBudgetExceededError } from './reject-budget-exceeded-error.ts';
import { ReplayImpossibleError } from './replay-impossible-error.ts';
import { ResourceMissingError } from './resource-missing-error.ts';
import { RetryBudgetSpentError } from './retry-budget-spent-error.ts';
import { RetryableError, type RetryManner } from './retryable-error.ts';
import { ReviewRejectedError } from './review-rejected-error.ts';
import { RunCancelledError } from './run-cancelled-error.ts';
import { RunExistsError } from './run-exists-error.ts';
import { RunMissingError } from './run-missing-error.ts';
import { RunStateError } from './run-state-error.ts';
import { SecretUnusableError } from './secret-unusable-error.ts';
import { ServiceDelayedError } from './service-delayed-error.ts';
import { ServiceRequestError } from './service-request-error.ts';
import { ServiceThrottledError } from './service-throttled-error.ts';
import { ServiceUnavailableError } from './service-unavailable-error.ts';
import { TableBusyError } from './table-busy-error.ts';
import { WriteConflictError } from './write-conflict-error.ts';

/** The failures that a run can meet, by the name that the state machine sees. */
export const errorCatalogue = {
  AccessRefusedError,
  BackfillRefusedError,
  ChunkDiffersError,
  ChunkInterruptedError,
  CircuitOpenError,
  CircuitStateError,
  CommitConflictError,
  CriticalRejectError,
  CursorLostError,
  CursorMovedError,
  CursorRefusedError,
  EnvironmentIncompleteError,
  InputChangedError,
  InputConsumedError,
  InputMissingError,
  LedgerImbalanceError,
  MessageMalformedError,
  NotSupportedError,
  ParameterInvalidError,
  PipelineStateError,
  PlanChangedError,
  PlanInconsistentError,
  RejectBudgetExceededError,
  ReplayImpossibleError,
  ResourceMissingError,
  RetryBudgetSpentError,
  ReviewRejectedError,
  RunCancelledError,
  RunExistsError,
  RunMissingError,
  RunStateError,
  SecretUnusableError,
  ServiceDelayedError,
  ServiceRequestError,
  ServiceThrottledError,
  ServiceUnavailableError,
  TableBusyError,
  WriteConflictError,
} as const;

/** Names of the failures of one kind. */
export function errorNamesOf(kind: FailureKind): readonly string[] {
  return Object.entries(errorCatalogue)
    .filter(([, error]) => error.kind === kind)
    .map(([name]) => name);
}

/** Names of the failures of one kind that are tried again in one manner. */
export function errorNamesToRetry(kind: FailureKind, manner: RetryManner): readonly string[] {
  return errorNamesOf(kind).filter((name) => mannerOf(name) === manner);
}

function mannerOf(name: string): RetryManner | undefined {
  const error = errorCatalogue[name as keyof typeof errorCatalogue];
  return error.prototype instanceof RetryableError ? (error as unknown as typeof RetryableError).manner : undefined;
}

/** The kind of a failure by the name that the state machine sees; undefined for names that are not ours. */
export function kindOfOwnError(name: string): FailureKind | undefined {
  return Object.entries(errorCatalogue).find(([candidate]) => candidate === name)?.[1].kind;
}
