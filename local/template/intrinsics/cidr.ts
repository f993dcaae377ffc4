import { NotSupportedError } from '../../aws-error.ts';
import type { Intrinsic } from '../resolve.ts';
import { TemplateError } from '../scope.ts';

/** Cuts an IPv4 block into `count` blocks whose host part has `bits` bits. IPv6 blocks are refused. */
export const cidr: Intrinsic = (argument, scope, resolve) => {
  const [block, count, bits] = argument.map(resolve);
  if (String(block).includes(':')) throw new NotSupportedError(`Fn::Cidr of an IPv6 block (${scope.place})`);
  const [address, prefix] = String(block).split('/');
  const size = 2 ** Number(bits ?? 8);
  const whole = 2 ** (32 - Number(prefix));
  if (!prefix || Number(count) * size > whole) {
    throw new TemplateError(scope.place, `Fn::Cidr cannot cut ${count} blocks of ${bits} host bits from ${block}`);
  }
  const number = address!.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const start = number - (number % whole);
  return Array.from(
    { length: Number(count) },
    (_, index) => `${dotted(start + index * size)}/${32 - Number(bits ?? 8)}`,
  );
};

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
