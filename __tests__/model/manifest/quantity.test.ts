import { amountOf } from '../../../lib/model/manifest/quantity';

it.each<[string, number]>([
  ['500m', 0.5],
  ['2300m', 2.3],
  ['2', 2],
  ['.5', 0.5],
  ['1.', 1],
  ['+1', 1],
  ['100u', 1e-4],
  ['3n', 3e-9],
  ['1k', 1000],
  ['1Ki', 1024],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['10Pi', 10 * 2 ** 50],
  ['10Ei', 10 * 2 ** 60],
  ['1E', 1e18],
  ['1E3', 1000],
  ['2e-3', 0.002],
])('%s is %d', (quantity, amount) => {
  expect(amountOf(quantity)).toBe(amount);
});

it.each(['', '-1', '1 Gi', '1gi', '1ki', '1K', '1kB', '1mi', '.', 'e3', '1e', '0x1', '1,5', 'Gi', '1.5.1'])(
  '%j is no quantity that can be had',
  (quantity) => {
    // "1E" is exa, "1e" is nothing.
    expect(amountOf(quantity)).toBeUndefined();
  },
);
