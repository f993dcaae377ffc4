import type { InterceptedCall } from '../../local/cloud.ts';
import { actionOf } from '../../local/faults/actions.ts';
import type { Mishap } from './history.ts';

type Settings = { readonly type: Parameters<typeof actionOf>[0] } & Readonly<Record<string, unknown>>;

const seconds = 1000;

/** Each mishap as a fault of local AWS. */
const faults: Readonly<Record<Mishap['what'], Settings>> = {
  'kill before': { type: 'kill', when: 'before' },
  'kill after': { type: 'kill', when: 'after' },
  'lose before': { type: 'lose', when: 'before' },
  'lose after': { type: 'lose', when: 'after' },
  throttle: { type: 'throttle' },
  break: { type: 'fail', when: 'before', error: { code: 'InternalServerError', message: 'broken', statusCode: 500 } },
  duplicate: { type: 'duplicate' },
  reorder: { type: 'reorder', withinMilliseconds: seconds },
  'wait 20 s': { type: 'delay', milliseconds: 20 * seconds },
  'wait 5 min': { type: 'delay', milliseconds: 300 * seconds },
  'wait 20 min': { type: 'delay', milliseconds: 1200 * seconds },
};

/** What can happen to any call of a function. */
export const mishapKinds = (Object.keys(faults) as readonly Mishap['what'][]).filter((what) => what !== 'reorder');

/** What the call of a person ends with who has closed the terminal; no client tries that again. */
export const terminalClosed = 'TerminalClosed';

const isLeaving = (what: Mishap['what'], { principal }: InterceptedCall) =>
  what.startsWith('kill') && principal.kind === 'root';

function leaving(what: Mishap['what']): Settings {
  const error = { code: terminalClosed, message: 'nobody waits for an answer', statusCode: 403 };
  return { type: 'fail', when: what === 'kill before' ? 'before' : 'after', error };
}

/** Makes a call that something goes wrong with. A call that cannot suffer it is made as it is. */
export function suffer(what: Mishap['what'], call: InterceptedCall, run: () => Promise<any>): Promise<any> {
  const { type, ...settings } = isLeaving(what, call) ? leaving(what) : faults[what];
  const action = actionOf(type);
  const fits = (call.kind === 'call' || action.events === true) && action.applies?.(call) !== false;
  if (!fits) return run();
  return action.perform({ type, ...settings } as never, { call, run, chance: 0, nextCall: async () => {} });
}
