import { Backoff } from '../../lib/gitlab/backoff';
import { GitLabError } from '../../lib/gitlab/gitlab-error';

const busy = (retryAfter?: number): GitLabError => new GitLabError({ status: 429, description: 'busy', retryAfter });

async function waits(limit: number, attempts: number, retryAfter?: number): Promise<number[]> {
  const times: number[] = [];
  const sleep = async (milliseconds: number): Promise<void> => {
    times.push(milliseconds);
    await Promise.resolve();
  };
  const backoff = new Backoff({ limit, sleep });
  for (let attempt = 1; attempt <= attempts; attempt++) await backoff.wait(attempt, busy(retryAfter));
  return times;
}

test('waits longer each time, up to half a minute, and never exactly as long as others', async () => {
  const times = await waits(3_600_000, 12);
  times.forEach((time, index) => {
    const ceiling = Math.min(30_000, 250 * 2 ** index);
    expect(time).toBeGreaterThanOrEqual(ceiling / 2);
    expect(time).toBeLessThanOrEqual(ceiling);
  });
  expect((await waits(3_600_000, 12)).join()).not.toBe(times.join());
});

test('waits at least as long as the server asks', async () => {
  for (const time of await waits(3_600_000, 5, 20_000)) expect(time).toBeGreaterThanOrEqual(20_000);
});

test('gives up with the last error when the next wait would be too long', async () => {
  await expect(waits(10_000, 1, 20_000)).rejects.toThrow('GitLab answered 429: busy');
});
