import { ambiguityOf } from '../../../lib/model/fleet/ambiguous-scalar';

describe('a word without quotes', () => {
  it.each([
    ['no', 'no is text for some programs and false for others: write "no" for the text, false for the boolean'],
    ['On', 'On is text for some programs and true for others: write "On" for the text, true for the boolean'],
    ['y', 'y is text for some programs and true for others: write "y" for the text, true for the boolean'],
    ['0400', '0400 is read as 256 by some programs: write "0400" for the text, 256 for the number'],
    ['1.10', '1.10 is read as 1.1 by some programs: write "1.10" for the text, 1.1 for the number'],
    ['1_000', '1_000 is read as 1000 by some programs: write "1_000" for the text, 1000 for the number'],
    ['12e5', '12e5 is read as 1200000 by some programs: write "12e5" for the text, 1200000 for the number'],
    ['0b101', '0b101 is read as 5 by some programs: write "0b101" for the text, 5 for the number'],
    ['.inf', '.inf is no number that JSON knows: write ".inf" for the text'],
    [
      '123456789012345678',
      '123456789012345678 has more digits than a number keeps: write "123456789012345678", in quotes',
    ],
    [
      '99999999999999999999',
      '99999999999999999999 has more digits than a number keeps: write "99999999999999999999", in quotes',
    ],
  ])('%s is refused with what can be written instead', (source, message) => {
    expect(ambiguityOf(source)).toBe(message);
  });

  it.each([
    'true',
    'False',
    '256',
    '-1',
    '1.5',
    '1e+21',
    '0x1f',
    '0o400',
    '12:30',
    '2024-01-01',
    'v1.10',
    '10m',
    '~',
    '',
    'none',
    '1.2.3',
  ])('%s is clear', (source) => {
    expect(ambiguityOf(source)).toBeUndefined();
  });
});
