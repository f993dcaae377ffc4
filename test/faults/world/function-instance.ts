import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import timers from 'node:timers';
import * as z from 'zod';
import type { Clock, Timer } from '../../../lib/core/clock.ts';
import type { HandlerCode } from '../../../lib/infra/bundle/handlers.ts';
import type { LocalCloud } from '../../../local/cloud.ts';
import type { Principal } from '../../../local/service.ts';
import { type DirectCall, hungUp } from './ask-service.ts';
import { directClients } from './direct-clients.ts';
import { forgetfulMaps } from './forgetful-maps.ts';
import { codeOf, type shadowed } from './function-code.ts';
import { functionModules } from './function-modules.ts';
import { dateOf } from './globals.ts';
import type { RetryBudget } from './retry-budget.ts';

export interface InstanceOptions {
  readonly code: HandlerCode;
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly cloud: LocalCloud;
  /** Who it is to AWS, where it asks without HTTP. */
  readonly principal: Principal;
  /** How far its clock is off, in milliseconds. */
  readonly skew: () => number;
  /** Takes what it writes to its log. */
  readonly log: (text: string) => void;
}

// Each instance would write code of its own for each schema, and use it a few times.
z.config({ jitless: true });

const mostTimersOfTheDead = 100;

type Handler = (event: unknown, context: object) => Promise<unknown>;

type Surroundings = Readonly<Record<Exclude<(typeof shadowed)[number], 'module' | 'exports' | 'require'>, unknown>> & {
  readonly require: (name: string) => unknown;
};

/**
 * A function's own bundle at work in this process: its environment, its time, its timers and its way to AWS are its own.
 * Once it is killed its calls are refused.
 */
export class FunctionInstance {
  readonly handler: Handler;
  readonly #options: InstanceOptions;
  /** Those that are under way. */
  readonly #requests = new Set<Writable>();
  readonly #calls = new Set<DirectCall>();
  readonly #timers = new Map<Timer, () => void>();
  readonly #maps = forgetfulMaps();
  readonly #budgets = new Set<RetryBudget>();
  #timersOfTheDead = 0;
  #alive = true;

  constructor(options: InstanceOptions) {
    this.#options = options;
    const [file, member] = options.code.handler.split('.') as [string, string];
    this.handler = this.#evaluate(`${file}.js`, this.#surroundings())[member]!;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Whether it waits for an answer or for its time: its handler may have answered before, for fear of a timeout. */
  get isAtWork(): boolean {
    return this.#requests.size > 0 || this.#calls.size > 0 || this.#timers.size > 0;
  }

  /**
   * As if it had just been started, without the time that takes: it forgets what it has read of a lake, and has all of its
   * tries. One that was killed must have come to its end.
   */
  beginAgain(): void {
    this.#alive = true;
    this.#timersOfTheDead = 0;
    this.#maps.forget();
    for (const budget of this.#budgets) budget.refill();
  }

  /** What waits is woken, so that the code comes to its end and closes its files; it reaches nobody any more. */
  kill(): void {
    this.#alive = false;
    for (const request of this.#requests) request.destroy();
    for (const call of this.#calls) call.breakOff(hungUp());
    for (const [timer, callback] of this.#timers) {
      timer.cancel();
      setImmediate(callback);
    }
    this.#timers.clear();
  }

  /** What a file of its code exports; those beside it are asked for once, at its start. */
  #evaluate(file: string, surroundings: Surroundings): Record<string, Handler> {
    const module = { exports: {} };
    const require = (name: string) =>
      name.startsWith('./') ? this.#evaluate(name, surroundings) : surroundings.require(name);
    codeOf(join(this.#options.code.folder, file))({ ...surroundings, require, module, exports: module.exports });
    return module.exports;
  }

  #surroundings(): Surroundings {
    const { clock, environment, skew, log } = this.#options;
    const output = new Writable({
      write: (text, _encoding, done) => {
        log(String(text));
        done();
      },
    });
    const setTimer = (callback: (...given: unknown[]) => void, milliseconds = 0, ...given: unknown[]) =>
      this.#after(milliseconds, () => callback(...given));
    const clearTimer = (handle: { cancel?(): void } | undefined) => handle?.cancel?.();
    return {
      require: functionModules(
        {
          http: { ...http, request: this.#request.bind(this) },
          timers: { ...timers, setTimeout: setTimer, clearTimeout: clearTimer },
        },
        (name) => this.#clientsOf(name),
      ),
      process: Object.create(process, {
        env: { value: { ...environment } },
        stdout: { value: output },
        stderr: { value: output },
      }),
      Date: dateOf(clock, skew),
      setTimeout: setTimer,
      clearTimeout: clearTimer,
      setInterval: (callback: () => void, milliseconds: number) => this.#every(milliseconds, callback),
      clearInterval: clearTimer,
      performance: { now: () => clock.now(), timeOrigin: 0, mark() {}, measure() {} },
      WeakMap: this.#maps.WeakMap,
    };
  }

  #clientsOf(name: string): object | undefined {
    const { cloud, principal } = this.#options;
    const sleep = (milliseconds: number) => new Promise<void>((resolve) => void this.#after(milliseconds, resolve));
    return directClients(name, {
      cloud,
      principal,
      sleep,
      isAlive: () => this.#alive,
      calls: this.#calls,
      budgets: this.#budgets,
    });
  }

  #after(milliseconds: number, callback: () => void) {
    if (!this.#alive) {
      // One that it sets again and again would never end.
      if (this.#timersOfTheDead++ < mostTimersOfTheDead) setImmediate(callback);
      return { cancel() {}, ref() {}, unref() {}, hasRef: () => false, refresh() {} };
    }
    // Node's own timers take at least this long, and whoever waits for none may wait in a loop.
    const timer = this.#options.clock.after(Math.max(1, milliseconds), () => {
      this.#timers.delete(timer);
      callback();
    });
    this.#timers.set(timer, callback);
    const cancel = () => {
      this.#timers.delete(timer);
      timer.cancel();
    };
    const handle = { cancel, ref: () => handle, unref: () => handle, hasRef: () => false, refresh: () => handle };
    return handle;
  }

  #every(milliseconds: number, callback: () => void) {
    let current: { cancel(): void };
    const arm = () => {
      current = this.#after(milliseconds, () => {
        arm();
        callback();
      });
    };
    arm();
    const handle = { cancel: () => current.cancel(), ref: () => handle, unref: () => handle };
    return handle;
  }

  /** In place of `http.request`. */
  #request(options: RequestOptions, answered: (response: IncomingMessage) => void): Writable {
    if (!this.#alive) throw Object.assign(new Error('the process of this function is gone'), { name: 'AbortError' });
    const { clock, cloud } = this.#options;
    const request = cloud.request(options, (response) => {
      // By this one, clients find out that their clocks are off.
      response.headers.date = new Date(clock.now()).toUTCString();
      answered(response);
    });
    this.#requests.add(request);
    request.once('close', () => this.#requests.delete(request));
    return request;
  }
}
