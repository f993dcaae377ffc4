import { Writable } from 'node:stream';
import { WriteStream } from 'node:tty';
import { describe, expect, it, vi } from 'vitest';
import { bytes, counted, duration, Printer, share, thousands } from '../../lib/cli/print.ts';
import { cut, width } from '../../lib/cli/text-width.ts';

class Screen extends Writable {
  text = '';
  isTTY = true;
  columns = 20;
  // As a terminal has it: this is what looks at NO_COLOR.
  getColorDepth = WriteStream.prototype.getColorDepth;
  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

function printed(write: (printer: Printer) => void, json = false, isTTY = false): string {
  const screen = new Screen();
  screen.isTTY = isTTY;
  write(new Printer(screen as unknown as NodeJS.WriteStream, json));
  return screen.text;
}

describe('Printer', () => {
  it('writes lines for people and data for programs, never both', () => {
    const both = (printer: Printer) => {
      printer.line('a line');
      printer.data({ a: 1 });
      printer.table(['n'], [[1]]);
    };
    expect(printed(both)).toBe('a line\n  n\n  1\n');
    expect(JSON.parse(printed(both, true))).toEqual({ a: 1 });
  });

  it('shows controls of a terminal in what it prints, and obeys none of them', () => {
    const hostile = '\u001b[2Jcleared\u001b]0;title\u0007 \u009b1A \r\u202eback \u0000';
    const seen = '\\u001b[2Jcleared\\u001b]0;title\\u0007 \\u009b1A \\r\\u202eback \\u0000';
    expect(printed((printer) => printer.line(hostile))).toBe(`${seen}\n`);
    expect(printed((printer) => printer.table(['a'], [[`${hostile}\nb\tc`]]))).toContain(`  ${seen}\\nb\\tc\n`);
    expect(printed((printer) => printer.board()([hostile.slice(0, 6)]), false, true)).toContain('\\u001b[2Jc');
  });

  it('keeps colours, line ends and tabs', () => {
    expect(printed((printer) => printer.line('\u001b[31mred\u001b[39m\n\tin'))).toBe('\u001b[31mred\u001b[39m\n\tin\n');
  });

  it('sets text to the left and numbers to the right, with a gap for a number that is missing', () => {
    expect(
      printed((printer) =>
        printer.table(
          ['name', 'rows', 'took'],
          [
            ['a', 1234, '2 s'],
            ['longer', '', '10 s'],
          ],
          { right: ['took'] },
        ),
      ),
    ).toBe('  name     rows  took\n  a       1,234   2 s\n  longer         10 s\n');
  });

  it('does not count the characters of colours', () => {
    const red = '\u001b[31mab\u001b[39m';
    const [, row] = printed((printer) => printer.table(['x', 'y'], [[red, 'z']])).split('\n');
    expect(row).toBe(`  ${red}  z`);
  });

  it('counts the columns that a terminal takes: two for Chinese, Japanese, Korean and pictures, none for marks', () => {
    const texts = ['客户', 'カ', '한글', '🌊', '👩‍🚀', '❤️', 'e\u0301', '\u200b', 'é', '→ ✓'];
    expect(texts.map(width)).toEqual([4, 2, 4, 2, 2, 2, 1, 0, 1, 3]);
    const [header, row] = printed((printer) => printer.table(['客户', 'y'], [['林纳斯', 'z']])).split('\n');
    expect([header, row]).toEqual(['  客户    y', '  林纳斯  z']);
    expect(cut('a林纳斯', 5)).toBe('a林…');
  });

  it('writes a header alone where there are no rows', () => {
    expect(printed((printer) => printer.table(['a', 'b'], []))).toBe('  a  b\n');
  });

  it('rewrites a board in place and cuts its lines to the window', () => {
    const text = printed(
      (printer) => {
        const board = printer.board();
        board(['one', 'two']);
        board(['x'.repeat(30), 'two']);
      },
      false,
      true,
    );
    expect(text).toBe(`\u001b[2Kone\n\u001b[2Ktwo\n\u001b[2A\u001b[2K${'x'.repeat(19)}…\n\u001b[2Ktwo\n`);
  });

  it('colours nothing where there is no terminal, or none is wanted', () => {
    const painted = (printer: Printer) => printer.line(printer.paint('red', 'a'));
    expect(printed(painted)).toBe('a\n');
    expect(printed(painted, true)).toBe('');
    // Of the two, FORCE_COLOR counts, and the test runner may have set it.
    vi.stubEnv('FORCE_COLOR', undefined);
    vi.stubEnv('NO_COLOR', '1');
    expect(printed(painted, false, true)).toBe('a\n');
    vi.unstubAllEnvs();
  });
});

describe('figures', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 KB'],
    [1536, '1.5 KB'],
    [999_949, '999.9 KB'],
    [999_960, '1.0 MB'],
    [182_000_000, '182.0 MB'],
    [1.8e9, '1.8 GB'],
    [5e18, '5000.0 PB'],
  ])('%d bytes are %s', (value, text) => {
    expect(bytes(value)).toBe(text);
  });

  it.each([
    [-59_845_014, '0 ms'],
    [0, '0 ms'],
    [86.6, '87 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [1234, '1.2 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 0 s'],
    [83_000, '1 min 23 s'],
    [3_599_600, '1 h 0 min'],
    [7_500_000, '2 h 5 min'],
    [259_200_000, '3 d 0 h'],
  ])('%d ms are %s', (value, text) => {
    expect(duration(value)).toBe(text);
  });

  it.each([
    [0.98449, 4, '0.9844'],
    [0.57, 4, '0.5700'],
    [0.99999, 4, '0.9999'],
    [1, 4, '1.0000'],
  ])('a share of %d shows with %d digits as %s, and as whole only where it is', (value, digits, text) => {
    expect(share(value, digits)).toBe(text);
  });

  it('puts commas between thousands, and a noun in its number', () => {
    expect(thousands(1_234_567)).toBe('1,234,567');
    expect([counted(1, 'row'), counted(0, 'row'), counted(2000, 'entry', 'entries')]).toEqual([
      '1 row',
      '0 rows',
      '2,000 entries',
    ]);
  });
});
