import { goDuration } from '../../../../lib/model/flux/gotk/go-duration';

// Each was printed by time.ParseDuration(text).String() of Go 1.26.
it.each([
  ['1m', '1m0s'],
  ['90s', '1m30s'],
  ['1h30m', '1h30m0s'],
  ['0s', '0s'],
  ['0.5ms', '500µs'],
  ['1ms', '1ms'],
  ['1.5ms', '1.5ms'],
  ['0.0000001ms', '0s'],
  ['0.000001ms', '1ns'],
  ['1.5s', '1.5s'],
  ['59.000000001s', '59.000000001s'],
  ['1m0.000000001s', '1m0.000000001s'],
  ['1h0.5s', '1h0m0.5s'],
  ['0.1h', '6m0s'],
  ['1.0000000009s', '1s'],
  ['100h', '100h0m0s'],
  ['2562047h47m16.854775807s', '2562047h47m16.854775807s'],
  ['1ms1s', '1.001s'],
  ['0.25m', '15s'],
])('%s is %s to Go', (text, written) => {
  expect(goDuration(text)).toBe(written);
});
