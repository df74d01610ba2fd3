import { checkDuration, secondsOf } from '../../../lib/model/manifest/duration';

const check = (duration: string): void => checkDuration('Flux', 'interval', duration);

it.each(['90s', '1h30m', '0.5ms', '1.5h', '2562047h'])('%s is a duration', (duration) => {
  expect(() => check(duration)).not.toThrow();
});

// Flux's definition takes the last one, and then no controller can read the object.
it.each(['', '1', '1d', '-1s', '.5s', '1.s', '1m ', '2562048h'])('%j is none', (duration) => {
  expect(() => check(duration)).toThrow('want a duration such as 90s, 10m or 1h30m');
});

it.each([
  ['0s', 0],
  ['1ms', 1],
  ['90s', 90],
  ['1h0.5s', 3601],
  ['2562047h', 9_223_369_200],
])('%s is %d whole seconds', (duration, seconds) => {
  expect(secondsOf(duration)).toBe(seconds);
});
