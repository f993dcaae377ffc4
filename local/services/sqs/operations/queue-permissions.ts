import type { Operation } from '../../../service.ts';
import { invalidValue, missingParameter } from '../errors.ts';
import type { Queue } from '../queue.ts';
import type { Queues } from '../queues.ts';

/** AddPermission and RemovePermission: statements of the queue's policy, by their label. */
export function permissionOperations(queues: Queues): Record<string, Operation> {
  return {
    AddPermission: async (input) => {
      const queue = queues.byUrl(input.QueueUrl);
      const label = checkedLabel(input.Label);
      const policy = policyOf(queue);
      if (policy.Statement.some(({ Sid }: any) => Sid === label)) throw invalidValue(label, 'Label', 'Already exists.');
      const principals = (input.AWSAccountIds ?? []).map((account: string) => `arn:aws:iam::${account}:root`);
      if (principals.length === 0) throw missingParameter('PrincipalId');
      if (!input.Actions?.length) throw missingParameter('ActionName');
      const statement = {
        Sid: label,
        Effect: 'Allow',
        Principal: { AWS: principals.length === 1 ? principals[0] : principals },
        Action: input.Actions.map((action: string) => `SQS:${action}`),
        Resource: queue.arn,
      };
      save(queues, queue, { ...policy, Statement: [...policy.Statement, statement] });
    },
    RemovePermission: async (input) => {
      const queue = queues.byUrl(input.QueueUrl);
      const label = checkedLabel(input.Label);
      const policy = policyOf(queue);
      const Statement = policy.Statement.filter(({ Sid }: any) => Sid !== label);
      if (Statement.length === policy.Statement.length) {
        throw invalidValue(label, 'Label', "can't find label on existing policy.");
      }
      save(queues, queue, { ...policy, Statement });
    },
  };
}

function checkedLabel(label: unknown): string {
  if (label === undefined) throw missingParameter('Label');
  if (/^[A-Za-z0-9_-]{1,80}$/.test(String(label))) return String(label);
  throw invalidValue(label, 'Label', 'Must be 1 to 80 alphanumeric characters, hyphens or underscores.');
}

function policyOf(queue: Queue): any {
  const text = queue.record.attributes.Policy;
  if (text === undefined) return { Version: '2012-10-17', Id: `${queue.arn}/SQSDefaultPolicy`, Statement: [] };
  const policy = JSON.parse(text);
  return { ...policy, Statement: [policy.Statement ?? []].flat() };
}

function save(queues: Queues, queue: Queue, policy: { Statement: unknown[] }): void {
  const { Policy: _, ...rest } = queue.record.attributes;
  const attributes = policy.Statement.length === 0 ? rest : { ...rest, Policy: JSON.stringify(policy) };
  queues.change(queue, { attributes, modifiedAt: queues.cloud.clock.now() });
}
