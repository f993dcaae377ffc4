import { AwsError } from '../../../aws-error.ts';
import { isObject, type JsonObject } from '../../../states/json.ts';

const invalid = (what: string) => new AwsError('ValidationException', `Invalid Context object provided: ${what}`);

type Kind = 'string' | 'number' | 'any';

/** The members that a mocked context object may have. */
const shape: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  Execution: {
    Id: 'string',
    Input: 'any',
    Name: 'string',
    RoleArn: 'string',
    StartTime: 'string',
    RedriveCount: 'number',
    RedriveTime: 'string',
  },
  State: { EnteredTime: 'string', Name: 'string', RetryCount: 'number' },
  StateMachine: { Id: 'string', Name: 'string' },
  Task: { Token: 'string' },
};

/** The mocked context object of a test; throws ValidationException. */
export function validContext(text: string): JsonObject {
  const context = parse(text);
  for (const [part, members] of Object.entries(context)) {
    const known = shape[part];
    if (!known) throw invalid(`'${part}' field is not supported when mocking a Context object`);
    if (!isObject(members)) throw invalid(`${part} must be an object`);
    for (const [member, value] of Object.entries(members)) {
      const kind = known[member];
      if (!kind) throw invalid(`'${part}.${member}' field is not supported when mocking a Context object`);
      if (kind !== 'any' && typeof value !== kind) throw invalid(`${part}.${member} must be a ${kind}`);
    }
  }
  return context;
}

function parse(text: string): JsonObject {
  try {
    const context = JSON.parse(text);
    if (isObject(context)) return context;
  } catch {
    throw invalid('it must be valid JSON');
  }
  throw invalid('it must be a JSON object');
}
