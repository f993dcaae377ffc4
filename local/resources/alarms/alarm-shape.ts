import type { ResourceContext } from '../../provisioning/resource-type.ts';

/** What plain and composite alarms have in common. */
export const alarmShape = {
  AlarmName: 'text',
  AlarmDescription: 'text',
  ActionsEnabled: 'flag',
  OKActions: ['text'],
  AlarmActions: ['text'],
  InsufficientDataActions: ['text'],
} as const;

export const alarmProvisioned = (name: string, { region, accountId }: ResourceContext) => ({
  physicalId: name,
  attributes: { Arn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}` },
});

export async function deleteAlarm(name: string, context: ResourceContext): Promise<void> {
  await context.attempt(['ResourceNotFound'], 'monitoring', 'DeleteAlarms', { AlarmNames: [name] });
}
