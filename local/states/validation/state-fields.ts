import type { LanguageName } from './machine-scope.ts';

interface StateFields {
  /** Fields in either language. */
  readonly both: readonly string[];
  readonly JSONPath: readonly string[];
  readonly JSONata: readonly string[];
  readonly required: readonly string[];
  /** The state goes somewhere or ends its branch: Next or End. */
  readonly goesOn: boolean;
}

const every = ['Type', 'Comment', 'QueryLanguage'];
const paths = ['InputPath', 'OutputPath'];
const results = ['Parameters', 'ResultSelector', 'ResultPath'];
const failing = ['Retry', 'Catch'];
const on = ['Next', 'End'];

/** The fields that each type of state may and must have. */
export const stateFields: Readonly<Record<string, StateFields>> = {
  Pass: {
    both: [...on, 'Assign'],
    JSONPath: [...paths, 'Parameters', 'Result', 'ResultPath'],
    JSONata: ['Output'],
    required: [],
    goesOn: true,
  },
  Task: {
    both: [...on, ...failing, 'Assign', 'Resource', 'TimeoutSeconds', 'HeartbeatSeconds', 'Credentials'],
    JSONPath: [...paths, ...results, 'TimeoutSecondsPath', 'HeartbeatSecondsPath'],
    JSONata: ['Arguments', 'Output'],
    required: ['Resource'],
    goesOn: true,
  },
  Choice: {
    both: ['Assign', 'Choices', 'Default'],
    JSONPath: paths,
    JSONata: ['Output'],
    required: ['Choices'],
    goesOn: false,
  },
  Wait: {
    both: [...on, 'Assign', 'Seconds', 'Timestamp'],
    JSONPath: [...paths, 'SecondsPath', 'TimestampPath'],
    JSONata: ['Output'],
    required: [],
    goesOn: true,
  },
  Succeed: { both: [], JSONPath: paths, JSONata: ['Output'], required: [], goesOn: false },
  Fail: { both: ['Error', 'Cause'], JSONPath: ['ErrorPath', 'CausePath'], JSONata: [], required: [], goesOn: false },
  Parallel: {
    both: [...on, ...failing, 'Assign', 'Branches'],
    JSONPath: [...paths, ...results],
    JSONata: ['Arguments', 'Output'],
    required: ['Branches'],
    goesOn: true,
  },
  Map: {
    both: [
      ...on,
      ...failing,
      'Assign',
      'ItemProcessor',
      'Iterator',
      'ItemReader',
      'ItemSelector',
      'ItemBatcher',
      'ResultWriter',
      'MaxConcurrency',
      'ToleratedFailureCount',
      'ToleratedFailurePercentage',
      'Label',
    ],
    JSONPath: [
      ...paths,
      ...results,
      'ItemsPath',
      'MaxConcurrencyPath',
      'ToleratedFailureCountPath',
      'ToleratedFailurePercentagePath',
    ],
    JSONata: ['Items', 'Output'],
    required: [],
    goesOn: true,
  },
};

/** What is wrong with a field of the other query language. */
export function onlyIn(language: LanguageName, field: string): string {
  const current = language === 'JSONata' ? 'JSONPath' : 'JSONata';
  return `The QueryLanguage is set to '${current}', but field '${field}' is only supported for the '${language}' QueryLanguage`;
}

/** Whether a state of this type may have the field in this language. */
export function isStateField(type: string, field: string, language: LanguageName): boolean {
  const fields = stateFields[type]!;
  return every.includes(field) || fields.both.includes(field) || fields[language].includes(field);
}
