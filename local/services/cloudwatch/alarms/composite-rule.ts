import { NotSupportedError } from '../../../aws-error.ts';
import { invalidValue } from '../errors.ts';
import type { AlarmState } from './alarm.ts';

/** A rule such as `ALARM("a") AND NOT OK(b)`, read. */
export interface CompositeRule {
  /** The names of the alarms that it asks about. */
  readonly alarms: readonly string[];
  holds(stateOf: (alarm: string) => AlarmState | undefined): boolean;
}

type Test = CompositeRule['holds'];

const maxAlarms = 100;

/** Reads an alarm rule. Throws where it is none. AND binds stronger than OR, as on AWS. */
export function parseCompositeRule(rule: string): CompositeRule {
  const tokens = [...rule.matchAll(/\s*("(?:[^"\\]|\\.)*"|[()]|[^\s()"]+)/g)].map((found) => found[1]!);
  const alarms = new Set<string>();
  let place = 0;
  const wrong = () => invalidValue(`AlarmRule must be a valid rule expression: ${rule}`);
  const expect = (token: string) => {
    if (tokens[place++] !== token) throw wrong();
  };

  function any(): Test {
    const tests = [all()];
    while (tokens[place] === 'OR') {
      place++;
      tests.push(all());
    }
    return tests.length === 1 ? tests[0]! : (stateOf) => tests.some((test) => test(stateOf));
  }

  function all(): Test {
    const tests = [one()];
    while (tokens[place] === 'AND') {
      place++;
      tests.push(one());
    }
    return tests.length === 1 ? tests[0]! : (stateOf) => tests.every((test) => test(stateOf));
  }

  function one(): Test {
    const token = tokens[place++];
    switch (token) {
      case 'NOT': {
        const test = one();
        return (stateOf) => !test(stateOf);
      }
      case '(': {
        const test = any();
        expect(')');
        return test;
      }
      case 'TRUE':
        return () => true;
      case 'FALSE':
        return () => false;
      case 'ALARM':
      case 'OK':
      case 'INSUFFICIENT_DATA': {
        expect('(');
        const name = alarmName(tokens[place++]);
        expect(')');
        alarms.add(name);
        return (stateOf) => stateOf(name) === token;
      }
      case 'AT_LEAST':
        throw new NotSupportedError('AT_LEAST in rules of composite alarms');
      default:
        throw wrong();
    }
  }

  function alarmName(token: string | undefined): string {
    if (token === undefined || token === '(' || token === ')') throw wrong();
    const text = token.startsWith('"') ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token;
    return text.startsWith('arn:') ? text.slice(text.indexOf(':alarm:') + ':alarm:'.length) : text;
  }

  const holds = any();
  if (place < tokens.length || tokens.length === 0) throw wrong();
  if (alarms.size > maxAlarms) throw invalidValue(`AlarmRule must not name more than ${maxAlarms} alarms`);
  return { alarms: [...alarms], holds };
}
