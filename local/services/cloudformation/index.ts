import { AwsError } from '../../aws-error.ts';
import { readBody } from '../../protocols/read-body.ts';
import type { Cloud, Service } from '../../service.ts';
import { type CustomResourceAnswer, CustomResourceAnswers } from './answers.ts';

const prefix = '/_cloudformation/';

/** CloudFormation takes no longer answers. */
const longestAnswerBytes = 4096;

/**
 * The part of CloudFormation that functions talk to: the addresses to which the functions behind custom resources send
 * their answers. Provisioning opens one (`OpenAnswer`) and waits for what comes (`AwaitAnswer`); nobody else can.
 */
export function createCloudFormation(cloud: Cloud): Service {
  const answers = new CustomResourceAnswers(cloud);
  return {
    name: 'cloudformation',
    operations: {
      OpenAnswer: async () => answers.open(),
      AwaitAnswer: ({ ResponseURL, TimeoutSeconds }) => answers.wait(ResponseURL, TimeoutSeconds),
    },
    permissions: () => [],
    isPublic: ({ method }, { pathname }) => method === 'PUT' && pathname.startsWith(prefix),
    async http({ request, response, url }) {
      const body = await readBody(request, longestAnswerBytes);
      answers.take(url.pathname.slice(prefix.length), readAnswer(body));
      response.writeHead(200).end();
    },
    close: async () => answers.close(),
  };
}

function readAnswer(body: Buffer): CustomResourceAnswer {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new AwsError(
      'InvalidRequest',
      `an answer of a custom resource is JSON, not ${body.toString().slice(0, 200)}`,
    );
  }
}
