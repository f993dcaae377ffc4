import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../../aws-error.ts';
import type { Cloud } from '../../service.ts';
import type { TaskAnswer } from '../../states/environment.ts';
import { AbortedError, StatesError } from '../../states/states-error.ts';
import type { Collection } from '../../store.ts';
import type { TokenRecord } from './records.ts';

type Result = NonNullable<TokenRecord['result']>;

interface Waiter {
  settle(result: Result): void;
  beat(): void;
}

const nonceBytes = 24;
const proofBytes = 16;
/** A token is good for a year. */
const longestMilliseconds = 365 * 24 * 60 * 60 * 1000;

/** Task tokens: handed out to whoever does the work, honoured once, also after a restart. */
export class Tokens {
  readonly #records: Collection<TokenRecord>;
  readonly #waiters = new Map<string, Waiter>();
  /** Those whose tasks were left, but which are kept until that cannot be undone by a crash. */
  readonly #left = new Set<string>();
  readonly #byExecution = new Map<string, Set<string>>();
  /** Made once: to make it of its bytes takes five times as long as what is made with it. */
  readonly #secret: KeyObject;
  readonly #clock: Cloud['clock'];

  constructor({ store, clock }: Pick<Cloud, 'store' | 'clock'>) {
    this.#clock = clock;
    this.#records = store.collection('states.tokens');
    const secrets = store.collection<string>('states.secrets');
    if (!secrets.has('token')) secrets.set('token', randomBytes(32).toString('hex'));
    this.#secret = createSecretKey(secrets.get('token')!, 'hex');
    for (const [token, { executionArn }] of this.#records.entries()) this.#index(token, executionArn);
  }

  issue(executionArn: string): string {
    const nonce = randomBytes(nonceBytes);
    const token = Buffer.concat([nonce, this.#proof(nonce)]).toString('base64');
    this.#records.set(token, { executionArn, issueTime: this.#clock.now() });
    this.#index(token, executionArn);
    return token;
  }

  /** Waits for what is sent for the token; at once where it was sent already. */
  wait(token: string, signal: AbortSignal, onHeartbeat: () => void): Promise<TaskAnswer> {
    return new Promise((resolve, reject) => {
      const gone = () => {
        this.#waiters.delete(token);
        reject(new AbortedError());
      };
      const settle = (result: Result) => {
        this.#waiters.delete(token);
        // Node keeps a signal that is made of others, and all that its listeners know, for as long as it has any.
        signal.removeEventListener('abort', gone);
        if ('output' in result) resolve({ output: JSON.parse(result.output), text: result.output });
        else reject(new StatesError(result.error, result.cause, { fromTask: true }));
      };
      const sent = this.#records.get(token)?.result;
      if (sent) return settle(sent);
      this.#waiters.set(token, { settle, beat: onHeartbeat });
      signal.addEventListener('abort', gone, { once: true });
    });
  }

  /** Takes a result for a token; throws AWS's errors for tokens that nothing waits for. */
  send(token: string, result: Result): void {
    const record = this.#open(token);
    this.#records.set(token, { ...record, result });
    this.#waiters.get(token)?.settle(result);
  }

  beat(token: string): void {
    this.#open(token);
    this.#waiters.get(token)?.beat();
  }

  /** Its task was left: whatever is sent from now on comes too late. */
  leave(token: string): void {
    if (this.#records.has(token)) this.#left.add(token);
  }

  /** Forgets every token of an execution but one. */
  deleteOf(executionArn: string, except?: string): void {
    for (const token of [...(this.#byExecution.get(executionArn) ?? [])]) if (token !== except) this.delete(token);
  }

  delete(token: string): void {
    const executionArn = this.#records.get(token)?.executionArn;
    const own = executionArn === undefined ? undefined : this.#byExecution.get(executionArn);
    if (own?.delete(token) && own.size === 0) this.#byExecution.delete(executionArn!);
    this.#records.delete(token);
    this.#left.delete(token);
    this.#waiters.delete(token);
  }

  #index(token: string, executionArn: string): void {
    const own = this.#byExecution.get(executionArn);
    if (own) own.add(token);
    else this.#byExecution.set(executionArn, new Set([token]));
  }

  /** The execution that waits for a token, as long as it does. */
  executionOf(token: unknown): string | undefined {
    return typeof token === 'string' ? this.#records.get(token)?.executionArn : undefined;
  }

  #open(token: unknown): TokenRecord {
    if (typeof token !== 'string' || !this.#isOurs(token))
      throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
    const record = this.#records.get(token);
    const over = !record || record.result || this.#left.has(token);
    if (over || this.#clock.now() - record.issueTime > longestMilliseconds) {
      throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
    }
    return record;
  }

  #isOurs(token: string): boolean {
    const bytes = Buffer.from(token, 'base64');
    if (bytes.length !== nonceBytes + proofBytes) return false;
    return timingSafeEqual(this.#proof(bytes.subarray(0, nonceBytes)), bytes.subarray(nonceBytes));
  }

  #proof(nonce: Buffer): Buffer {
    return createHmac('sha256', this.#secret).update(nonce).digest().subarray(0, proofBytes);
  }
}
