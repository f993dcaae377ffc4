import { isObject, type Json, type JsonObject } from '../../local/states/json.ts';
import type { SequenceStep } from './conformance-case.ts';
import type { Answer } from './recorded-answer.ts';

/** Recordings name what AWS named at random after the call that made it. Here it gets that name, or is looked up. */
export class SequenceNames {
  readonly #steps: readonly SequenceStep[];
  readonly #answers: ReadonlyMap<number, Answer>;

  constructor(steps: readonly SequenceStep[], answers: ReadonlyMap<number, Answer>) {
    this.#steps = steps;
    this.#answers = answers;
  }

  paramsOf(step: SequenceStep): JsonObject {
    const params = this.#resolve(step.params) as JsonObject;
    if (!/^start_(sync_)?execution$/.test(step.op) || params.name !== undefined) return params;
    return { ...params, name: `${this.#prefix(step)}${number(step.call)}` };
  }

  #prefix({ op, params }: SequenceStep): string {
    if (op === 'start_sync_execution') return 'sync1-';
    const name = String(params.stateMachineArn).split(':')[6];
    const created = this.#steps.find((step) => step.op === 'create_state_machine' && step.params.name === name);
    return created?.params.type === 'EXPRESS' ? 'ex1-' : 'exec-';
  }

  #resolve(value: Json): Json {
    if (typeof value === 'string') return this.#text(value);
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.#resolve(member)]));
  }

  #text(text: string): Json {
    const [, started] = /^arn:.*:(?:execution|express):.*:exec?-?\d?-?(\d{4})(:ex2-\d+)?$/.exec(text) ?? [];
    const execution = started && this.#outputOf(Number(started), 'executionArn');
    if (execution) return execution;
    if (/:mapRun:sm\/Label:/.test(text)) return this.#mapRunArn() ?? text;
    return text.replace(
      /<auto:[\w.]+#(\d+)\.(\w+)>/g,
      (all, call, member) => this.#outputOf(Number(call), member) ?? all,
    );
  }

  #outputOf(call: number, member: string): string | undefined {
    const answer = this.#answers.get(call);
    return answer && 'response' in answer ? answer.response[member] : undefined;
  }

  #mapRunArn(): string | undefined {
    const listed = this.#steps.findLast((step) => step.op === 'list_map_runs' && this.#answers.has(step.call));
    const answer = listed && this.#answers.get(listed.call);
    return answer && 'response' in answer ? answer.response.mapRuns[0]?.mapRunArn : undefined;
  }
}

const number = (call: number) => String(call).padStart(4, '0');
