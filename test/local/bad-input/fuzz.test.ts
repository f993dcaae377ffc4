import { afterAll, beforeAll, expect, it } from 'vitest';
import { allServices } from '../../../local/all-services.ts';
import { LocalCloud } from '../../../local/cloud.ts';
import { shapesOf } from '../../../local/protocols/shapes/service-shapes.ts';
import { Chance } from './chance.ts';
import { hostileText, hostileValue } from './hostile-values.ts';
import { type RawRequest, rawRequest, sendRaw } from './raw-http.ts';

/** Services by the form of their requests, with the prefix of their targets. */
const json: Readonly<Record<string, string>> = {
  dynamodb: 'DynamoDB_20120810',
  events: 'AWSEvents',
  kms: 'TrentService',
  logs: 'Logs_20140328',
  monitoring: 'GraniteServiceVersion20100801',
  secretsmanager: 'secretsmanager',
  sqs: 'AmazonSQS',
  ssm: 'AmazonSSM',
  states: 'AWSStepFunctions',
};
const forms = ['sns', 'sts'];
/** Paths of REST services; braces stand for anything. */
const paths: Readonly<Record<string, readonly string[]>> = {
  lambda: [
    '/2015-03-31/functions',
    '/2015-03-31/functions/{}',
    '/2015-03-31/functions/{}/{}',
    '/2015-03-31/functions/{}/invocations?Qualifier={}',
    '/2021-11-15/functions/{}/response-streaming-invocations',
    '/2015-03-31/event-source-mappings',
    '/2015-03-31/event-source-mappings/{}',
    '/2017-10-31/functions/{}/concurrency',
    '/2018-10-31/layers/{}/versions',
    '/2017-03-31/tags/{}',
  ],
  scheduler: [
    '/schedules',
    '/schedules/{}',
    '/schedule-groups/{}',
    '/schedules?MaxResults={}&NextToken={}',
    '/tags/{}',
  ],
  apigateway: ['/v2/apis', '/v2/apis/{}', '/v2/apis/{}/routes', '/v2/apis/{}/stages/{}', '/v2/tags/{}'],
  ses: ['/v2/email/outbound-emails', '/v2/email/identities', '/v2/email/identities/{}', '/v2/email/account'],
  s3: [
    '/',
    '/{}',
    '/{}/{}',
    '/fuzz/{}',
    '/fuzz/{}?uploads',
    '/fuzz/{}?partNumber={}&uploadId={}',
    '/fuzz?list-type=2&{}={}',
    '/fuzz?{}',
    '/fuzz/{}?{}',
  ],
  'execute-api': ['/', '/{}', '/{}/{}', '/{}/@connections/{}'],
};
const subresources = [
  'acl',
  'versioning',
  'lifecycle',
  'notification',
  'policy',
  'tagging',
  'delete',
  'versions',
  'max-keys',
  'cors',
  'encryption',
  'continuation-token',
  'prefix',
  'torrent',
  'restore',
];

let cloud: LocalCloud;
beforeAll(async () => {
  // Without IAM nobody asks whether a request is signed rightly, and all of it reaches the services.
  cloud = await LocalCloud.start({ services: (await allServices()).filter(({ name }) => name !== 'createIam') });
  await send('s3', { method: 'PUT', path: '/fuzz' });
});
afterAll(() => cloud.close());

const send = (service: string, request: RawRequest) => sendRaw(cloud.endpoint, rawRequest(service, request));

/** The same requests for the same seed. */
function* requests(seed: number): Generator<[service: string, request: RawRequest]> {
  const chance = new Chance(seed);
  for (const [service, prefix] of Object.entries(json)) {
    for (const operation of cloud.operationsOf(service)!) {
      const headers = { 'x-amz-target': `${prefix}.${operation}`, 'content-type': 'application/x-amz-json-1.0' };
      yield [service, { method: 'POST', path: '/', headers, body: hostileBody(chance, service, operation) }];
    }
  }
  for (const service of forms) {
    for (const operation of cloud.operationsOf(service)!) {
      const form = new URLSearchParams({ Action: operation, Version: '2010-03-31' });
      // What AWS does not have, such as the delivery of a message that faults can strike, has no members.
      for (const { name } of shapesOf(service)!.structures.get(`${operation}()`) ?? []) {
        const suffix = chance.of(['', '', '.member.1', '.entry.1.key', '.entry.1.Name', '.member.x', '.1.2', '.']);
        if (chance.happens(0.7)) form.set(name + suffix, hostileText(chance).toWellFormed());
      }
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      yield [service, { method: 'POST', path: '/', headers, body: String(form) }];
    }
  }
  for (const [service, templates] of Object.entries(paths)) {
    for (let i = 0; i < 60; i++) {
      const path = chance.of(templates).replaceAll('{}', () => hostilePath(chance));
      const method = chance.of(['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'GET', 'PUT', 'POST']);
      const operation = chance.of(
        (cloud.operationsOf(service) ?? ['none']).filter((name) => /^(Create|Update|Send)/.test(name)),
      );
      const xml = chance.of([
        '',
        '<a/>',
        '<a',
        '<Delete><Object/></Delete>',
        '<Tagging><TagSet><Tag/></TagSet></Tagging>',
        'x',
        '<?xml?>',
      ]);
      const body = service === 's3' ? xml : hostileBody(chance, service, operation ?? '');
      yield [
        service,
        { method, path, headers: { 'content-type': 'application/json', ...hostileHeaders(chance, service) }, body },
      ];
    }
  }
}

function hostileBody(chance: Chance, service: string, operation: string): string {
  if (chance.happens(0.1))
    return chance.of(['', '{', 'null', '[]', '"x"', '1e999', '{"a":'.repeat(50), '['.repeat(20_000), '\uFEFF{}']);
  const shapes = shapesOf(service);
  const name = `${operation}()`;
  if (!shapes?.structures.has(name)) return '{"StreamArn":"x","ShardIterator":"y","ShardId":7}';
  return JSON.stringify(hostileValue(chance, shapes, { kind: 'structure', name }));
}

/** Characters that no request line may have are escaped; escapes that mean nothing stay. */
function hostilePath(chance: Chance): string {
  const text = chance.happens(0.4) ? chance.of([...subresources, 'fuzz', 'x']) : hostileText(chance).toWellFormed();
  return chance.happens(0.2)
    ? chance.of(['%', '%zz', '%00', '%2F..%2F', '%C3%28', '%F0%9F'])
    : encodeURIComponent(text);
}

function hostileHeaders(chance: Chance, service: string): Record<string, string> {
  if (service !== 's3') return {};
  const values = [
    '',
    'x',
    '-1',
    '99999999999',
    '*',
    '"x"',
    'bytes=5-1',
    'bytes=-',
    'a=b&c',
    'fuzz/x',
    '/fuzz/%zz',
    'AAAA',
    'Thu, 01 Jan 1970',
    'aws:kms',
    'CRC32',
    '\u00ff',
  ];
  const names = [
    'range',
    'if-match',
    'if-none-match',
    'if-modified-since',
    'content-md5',
    'x-amz-copy-source',
    'x-amz-copy-source-range',
    'x-amz-tagging',
    'x-amz-checksum-crc32',
    'x-amz-checksum-sha256',
    'x-amz-sdk-checksum-algorithm',
    'x-amz-metadata-directive',
    'x-amz-storage-class',
    'x-amz-acl',
    'x-amz-server-side-encryption',
    'x-amz-content-sha256',
    'content-encoding',
    'x-amz-decoded-content-length',
    'x-amz-trailer',
    'x-amz-meta-a',
    'x-amz-object-attributes',
    'expires',
    'x-amz-grant-read',
  ];
  const given = names.filter(() => chance.happens(0.12));
  return Object.fromEntries(given.map((name) => [name, chance.of(values)]));
}

it.each([1, 2])(
  'answers whatever is sent with a good answer or an error of AWS, and goes on (seed %i)',
  async (seed) => {
    const failures: string[] = [];
    const all = [...requests(seed)];
    const work = all.values();
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (const [service, request] of work) {
          const said = `${service} ${request.method} ${request.path} ${JSON.stringify(request.headers)} ${String(request.body).slice(0, 500)}`;
          const answer = await send(service, request).catch((error: Error) => ({ status: -1, text: error.message }));
          const good = answer.status >= 200 && answer.status < 500;
          if (!good && answer.status !== 501) failures.push(`${said}\n→ ${answer.status} ${answer.text.slice(0, 700)}`);
          else if (answer.status >= 400 && !namesError(answer.text, request))
            failures.push(`${said}\n→ no code: ${answer.text.slice(0, 700)}`);
        }
      }),
    );
    expect(failures.slice(0, 12).join('\n\n')).toBe('');
    expect(
      (
        await send('sqs', {
          method: 'POST',
          path: '/',
          headers: { 'x-amz-target': 'AmazonSQS.ListQueues' },
          body: '{}',
        })
      ).status,
    ).toBe(200);
  },
);

/** Whether an answer says what is wrong in one of the forms of AWS. */
function namesError(text: string, { method }: RawRequest): boolean {
  if (method === 'HEAD') return true;
  return /x-amzn-errortype: \w|"__type":"[\w.#]+"|<Code>\w+<\/Code>|"message":"/i.test(text);
}
