import { expect, test } from 'vitest';
import { generatedHistory } from './generate.ts';
import { type Act, askedAgain, type History, type Mishap } from './history.ts';
import { mishapKinds } from './mishaps.ts';
import { type PipelineName, pipelines } from './pipelines.ts';

/** Seeds that CI plays; in blocks of so many, the last of which it may have no time for. */
const [seeds, atOnce] = [2000, 500];
const histories = Array.from({ length: seeds }, (_, seed) => generatedHistory(seed));

/** Histories in which something is so. */
function counted<Name extends string>(all: readonly History[], namesOf: (history: History) => readonly Name[]) {
  const counts = new Map<Name, number>();
  for (const history of all)
    for (const name of new Set(namesOf(history))) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

const tooFew = (counts: ReadonlyMap<string, number>, names: readonly string[], least: number) =>
  names.filter((name) => (counts.get(name) ?? 0) < least).map((name) => `${name}: ${counts.get(name) ?? 0}`);

test('each pipeline is played at least 60 times, and 12 in each block of seeds', () => {
  const names = Object.keys(pipelines);
  const ofPipeline = (all: readonly History[]) => counted<PipelineName>(all, ({ pipeline }) => [pipeline]);
  expect(tooFew(ofPipeline(histories), names, 60)).toEqual([]);
  for (let from = 0; from < seeds; from += atOnce)
    expect(tooFew(ofPipeline(histories.slice(from, from + atOnce)), names, 12), `from seed ${from}`).toEqual([]);
});

const acts = {
  ...{ drop: 2000, mark: 100, refer: 60, start: 200, cancel: 250, retry: 200, redrive: 80, acknowledge: 60, time: 80 },
  ...{ decide: 50, pause: 100, resume: 100, deploy: 80, skew: 150, backfill: 60 },
  ...{ 'cancel backfill': 20, redeliver: 60, expire: 40 },
} satisfies Record<Exclude<Act['do'], 'replay'>, number>;

test.each(Object.entries(acts))('somebody does this: %s, in at least %i histories', (what, least) => {
  const counts = counted<Act['do']>(histories, (history) => history.acts.map((act) => act.do));
  expect(counts.get(what as Act['do'])).toBeGreaterThanOrEqual(least);
});

test('two people decide at the same moment in at least 15 histories', () => {
  const deciders = (history: History) => history.acts.filter((act) => act.do === 'decide').length;
  expect(histories.filter((history) => deciders(history) > 1).length).toBeGreaterThanOrEqual(15);
});

test('a deploy is taken back, perhaps while runs go on, in at least 25 histories', () => {
  const isBack = (history: History) => history.acts.some((act) => act.do === 'deploy' && act.edition === 0);
  expect(histories.filter(isBack).length).toBeGreaterThanOrEqual(25);
});

test('messages come twice, and behind later ones, in each queue in at least 30 histories', () => {
  const deliveries = counted(histories, ({ mishaps }) =>
    mishaps.flatMap(({ at, what }) => (typeof at === 'object' && /Buffer/.test(at.of) ? `${what} ${at.of}` : [])),
  );
  const queues = ['TriggerBuffer', 'WorkerBuffer'];
  const wanted = queues.flatMap((queue) => [`duplicate ${queue}`, `reorder ${queue}`]);
  expect(tooFew(deliveries, wanted, 30)).toEqual([]);
});

test('somebody does something while a write is on its way in at least 100 histories', () => {
  const meets = histories.filter(({ acts }) => acts.some(({ after }) => after === 'mishap'));
  expect(meets.length).toBeGreaterThanOrEqual(100);
});

test('each number of workers is played', () => {
  const numbers = counted(histories, ({ workers = {} }) => Object.entries(workers).map((one) => one.join(' ')));
  const upTo = (name: string, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => `${name} ${from + index}`);
  const wanted = [...upTo('functions', 1, 3), ...upTo('deliveries', 2, 5), ...upTo('chunks', 1, 6)];
  expect(tooFew(numbers, wanted, 12)).toEqual([]);
});

test('each mishap strikes functions in at least 200 histories, and services in 20 where it can', () => {
  const by = (whom: Mishap['by']) =>
    counted<Mishap['what']>(histories, ({ mishaps }) => mishaps.flatMap(({ by, what }) => (by === whom ? what : [])));
  expect(tooFew(by('function'), mishapKinds, 200)).toEqual([]);
  const ofServices = mishapKinds.filter((what) => !what.startsWith('kill') && what !== 'wait 20 min');
  expect(tooFew(by('service'), ofServices, 20)).toEqual([]);
});

test('requests of people are cut off, and asked again, in at least 150 histories', () => {
  const cutOff = histories.filter(
    ({ acts, mishaps }) => acts.some((act) => askedAgain.has(act.do)) && mishaps.some(({ by }) => by === 'person'),
  );
  expect(cutOff.length).toBeGreaterThanOrEqual(150);
});

test('several runs meet in at least 500 histories, and calls are made in another order in at least 800', () => {
  const meet = histories.filter(({ acts }) => acts.filter(({ do: what }) => /drop|start|retry/.test(what)).length > 1);
  expect(meet.length).toBeGreaterThanOrEqual(500);
  expect(histories.filter(({ order }) => order.some((choice) => choice > 0)).length).toBeGreaterThanOrEqual(800);
});
