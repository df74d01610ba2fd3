import { createHash } from 'node:crypto';

/**
 * The shard that serves a spoke. It follows from the spoke's name and the shards alone, so that another spoke moves
 * none; with one more shard only those move that it takes (rendezvous hashing).
 *
 * @param shards - names of the shards, in any order
 */
export function shardOfSpoke(spoke: string, shards: readonly string[]): string | undefined {
  const weighed = shards.map((shard) => ({ shard, weight: weightOf(spoke, shard) }));
  return weighed.sort((a, b) => (a.weight < b.weight ? 1 : -1))[0]?.shard;
}

function weightOf(spoke: string, shard: string): string {
  // No name holds the separator.
  return createHash('sha256').update(`${spoke}/${shard}`).digest('hex');
}
