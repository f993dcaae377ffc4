import type { InterceptedCall } from '../../../local/cloud.ts';
import { waitForRecords } from '../../../local/services/dynamodb/streams/wait-for-records.ts';
import type { World } from './world.ts';

type Call = Pick<InterceptedCall, 'service' | 'operation' | 'input'>;

interface Position {
  readonly arn: string;
  /** Sequence number of the last record that was read. */
  readonly after: string;
}

const writes = /^(Put|Update|Delete|Transact|BatchWrite)/;

/**
 * Polls of the streams of tables. One is made when something was written since the last one, and gets what there is at
 * once; until then it waits for its turn, however long: real ones are made four times a second.
 */
export class StreamPolls {
  readonly #world: World;
  /** Where each stream stood when the history began: what came before is of no history. */
  readonly #from = new Map<string, string>();
  #unread = false;
  /** In this history. */
  #isWritten = false;

  private constructor(world: World) {
    this.#world = world;
  }

  static async begin(world: World): Promise<StreamPolls> {
    const polls = new StreamPolls(world);
    const { Streams } = await world.look('dynamodb', 'ListStreams', {});
    for (const { StreamArn } of Streams) {
      const { StreamDescription } = await world.look('dynamodb', 'DescribeStream', { StreamArn });
      const { ShardId } = StreamDescription.Shards[0];
      const latest = { StreamArn, ShardId, ShardIteratorType: 'LATEST' };
      const { ShardIterator } = await world.look('dynamodb', 'GetShardIterator', latest);
      polls.#from.set(StreamArn, positionOf(ShardIterator).after);
    }
    return polls;
  }

  isPoll({ service, operation }: Call): boolean {
    return service === 'dynamodb' && operation === 'GetRecords';
  }

  /** Whether a poll may get something. */
  get mayGetRecords(): boolean {
    return this.#unread;
  }

  /**
   * Whether all that was written has been read and dealt with: then whoever reads waits with a poll. Until something is
   * written that is the one from before the history, which waits for no turn.
   */
  get areDone(): boolean {
    if (!this.#isWritten) return true;
    return (
      !this.#unread && this.#world.scheduler.held.filter(({ call }) => this.isPoll(call)).length === this.#from.size
    );
  }

  /** To be told of each call when it is made. */
  note(call: Call): void {
    if (call.service === 'dynamodb' && writes.test(call.operation)) {
      this.#unread = true;
      this.#isWritten = true;
    }
    if (this.isPoll(call)) this.#refresh(call);
  }

  /** To be told of each call that failed: what a poll did not get is still to be read. */
  noteFailure(call: Call): void {
    if (this.isPoll(call)) this.#unread = true;
  }

  #refresh({ input }: Call): void {
    this.#unread = false;
    const { arn, after } = positionOf(input.ShardIterator);
    const position = { arn, after: max(after, this.#from.get(arn)!), at: this.#world.clock.now() };
    input.ShardIterator = Buffer.from(JSON.stringify(position)).toString('base64');
    delete input[waitForRecords];
  }
}

/** What an iterator of local AWS says. */
function positionOf(iterator: string): Position {
  return JSON.parse(Buffer.from(iterator, 'base64').toString());
}

const max = (a: string, b: string) => (a > b ? a : b);
