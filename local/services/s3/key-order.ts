/** Orders keys by their UTF-8 bytes, as S3 does; JavaScript's own order differs where surrogates meet U+E000 and above. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x === y) continue;
    const high = x >= 0xd800 && y >= 0xd800;
    return high ? surrogatesLast(x) - surrogatesLast(y) : x - y;
  }
  return a.length - b.length;
}

/** A surrogate stands for a code point above U+FFFF. */
const surrogatesLast = (unit: number) => (unit >= 0xe000 ? unit - 0x800 : unit + 0x2000);
