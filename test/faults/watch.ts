import { unmarshall } from '@aws-sdk/util-dynamodb';
import { leaseNeeds } from '../../lib/component/lease-needs.ts';
import type { InterceptedCall } from '../../local/cloud.ts';
import { sharedRanges } from './backfills-kept.ts';
import type { PipelineName } from './pipelines.ts';
import { planOf } from './world/assemblies.ts';
import type { World } from './world/world.ts';

interface Keys {
  readonly pk: { readonly S: string };
  readonly sk: { readonly S: string };
}

const backfills = /^BACKFILLS#/;

/** The backfill that a call opens, if it is such a call. */
function openedBy(operation: string, input: any): Keys | undefined {
  if (operation !== 'TransactWriteItems') return undefined;
  const items = input.TransactItems.map(({ Put }: { readonly Put?: { readonly Item: Keys } }) => Put?.Item);
  return items.find((item: Keys | undefined) => item && backfills.test(item.pk.S));
}

/** A run that comes so far holds what it shares with others. */
const atWork: ReadonlySet<string> = new Set(['Executing', 'Assessing', 'Completing']);

/** Sort keys of items that nobody changes. */
const writtenOnce = /^(LEDGER|EVENT)#/;

/** Looks, in the middle of a history, at what nobody could tell from its end. */
export class Watch {
  readonly problems: string[] = [];
  readonly #world: World;
  readonly #pipeline: PipelineName;
  readonly #circuits = new Set<string>();
  readonly #once = new Set<string>();
  /** Backfills that have ended, with how. */
  readonly #ended = new Map<string, string>();
  /** Which execution has told what. */
  readonly #told = new Map<string, string>();

  constructor(world: World, pipeline: PipelineName) {
    this.#world = world;
    this.#pipeline = pipeline;
  }

  /** To be told of each call that was made, whatever came of it. */
  async noteMade({ operation, input }: Pick<InterceptedCall, 'operation' | 'input'>): Promise<void> {
    if (operation === 'UpdateItem') await this.#countHolders(input.Key.pk.S);
    const backfill = openedBy(operation, input);
    if (backfill) await this.#compareRanges(backfill.pk.S);
  }

  /** To be told of each call that has succeeded. */
  async noteSuccess({ service, operation, input, principal }: InterceptedCall): Promise<void> {
    if (operation === 'PutItem' && input.Item.pk.S === 'CIRCUIT') this.#noteCircuit(input.Item);
    if (operation === 'PutItem' && writtenOnce.test(input.Item.sk.S)) this.#noteWritten(input.Item);
    const backfill = openedBy(operation, input);
    if (backfill) this.#ended.delete(backfill.sk.S);
    if (operation === 'UpdateItem' && backfills.test(input.Key.pk.S)) this.#noteEnd(input);
    if (service === 'sns' && operation === 'Publish') this.#noteTold(input, principal.arn);
    if (operation === 'UpdateItem' && input.Key.sk.S === 'RUN') await this.#requireLeases(input);
  }

  /** Another may have it otherwise, and nobody could tell from who holds it. */
  async #requireLeases({
    Key,
    ExpressionAttributeValues: values,
  }: {
    readonly Key: Keys;
    readonly ExpressionAttributeValues: any;
  }) {
    const phase = values[':phase']?.S;
    if (values[':state']?.S !== 'Running' || !atWork.has(phase)) return;
    const { overlap, ...shared } = await planOf(this.#pipeline, 0);
    const { Item } = await this.#item(Key);
    const isSlice = Item.trigger.M.kind.S === 'backfill';
    for (const { name } of leaseNeeds({ ...shared, ...(!isSlice && overlap && { overlap }) })) {
      const lease = await this.#item({ pk: { S: `LEASE#${name}` }, sk: { S: 'LEASE' } });
      const run = Item.run.S;
      if (!(run in (lease.Item?.holders?.M ?? {})))
        this.problems.push(`${run} is ${phase} and does not hold ${name} any more`);
    }
  }

  #item(Key: Keys): Promise<any> {
    return this.#world.look('dynamodb', 'GetItem', { TableName: this.#world.output('RunTableName'), Key });
  }

  /** Whoever has read it before has read what is there. */
  #noteWritten({ pk, sk }: Keys): void {
    const item = `${sk.S} of ${pk.S}`;
    if (this.#once.has(item)) this.problems.push(`${item} was written over`);
    this.#once.add(item);
  }

  #noteCircuit({
    sk,
    version,
  }: {
    readonly sk: { readonly S: string };
    readonly version: { readonly N: string };
  }): void {
    const change = `version ${version.N} of ${sk.S}`;
    if (this.#circuits.has(change)) this.problems.push(`${change} was written twice`);
    this.#circuits.add(change);
  }

  /** One execution may tell of the same twice, where an answer was lost; two must not. */
  #noteTold({ TopicArn, Message }: { readonly TopicArn: string; readonly Message: string }, by: string): void {
    const what = `${TopicArn} ${Message}`;
    const before = this.#told.get(what) ?? by;
    if (before !== by) this.problems.push(`${before} and ${by} have told the same people of the same`);
    this.#told.set(what, by);
  }

  /** What has ended ends once more only when somebody has asked for it again. */
  #noteEnd({
    Key,
    ExpressionAttributeValues: values,
  }: {
    readonly Key: Keys;
    readonly ExpressionAttributeValues: any;
  }) {
    const [id, state] = [Key.sk.S, values[':state'].S as string];
    const before = this.#ended.get(id);
    if (before !== undefined) this.problems.push(`the backfill ${id} had ended as ${before}, and ended as ${state}`);
    this.#ended.set(id, state);
  }

  /** At the end they may all be completed. */
  async #compareRanges(pk: string): Promise<void> {
    const { Items } = await this.#world.look('dynamodb', 'Query', {
      TableName: this.#world.output('RunTableName'),
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': { S: pk }, ':sk': { S: 'ID#' } },
    });
    this.problems.push(...sharedRanges(Items.map((item: never) => unmarshall(item))));
  }

  /** At the end they are all given back. */
  async #countHolders(pk: string): Promise<void> {
    if (!pk.startsWith('LEASE#')) return;
    const Key = { pk: { S: pk }, sk: { S: 'LEASE' } };
    const { Item } = await this.#item(Key);
    const holders = Object.keys(Item?.holders?.M ?? {});
    if (holders.length > 1) this.problems.push(`${pk} is held by ${holders.join(' and ')} at the same time`);
  }
}
