import type { Cloud } from '../../../service.ts';
import type { Outcome } from '../environment/outcome.ts';

/** Tells CloudWatch of an invocation that ran. */
export function measureInvocation(cloud: Cloud, functionName: string, { functionError, report }: Outcome): void {
  measure(cloud, functionName, 'Invocations', 1);
  measure(cloud, functionName, 'Errors', functionError ? 1 : 0);
  measure(cloud, functionName, 'Throttles', 0);
  measure(cloud, functionName, 'Duration', report.duration, 'Milliseconds');
}

/** Tells CloudWatch of an invocation for which there was no room. */
export function measureThrottle(cloud: Cloud, functionName: string): void {
  measure(cloud, functionName, 'Throttles', 1);
}

function measure(cloud: Cloud, functionName: string, name: string, value: number, unit = 'Count'): void {
  cloud.measure({ namespace: 'AWS/Lambda', name, dimensions: { FunctionName: functionName }, value, unit });
}
