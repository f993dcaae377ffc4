import { defineAlarm } from './alarms/define-alarm.ts';

export default defineAlarm({
  type: 'AWS::CloudWatch::CompositeAlarm',
  operation: 'PutCompositeAlarm',
  properties: {
    AlarmRule: 'text',
    ActionsSuppressor: 'text',
    ActionsSuppressorWaitPeriod: 'number',
    ActionsSuppressorExtensionPeriod: 'number',
  },
});
