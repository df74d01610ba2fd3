import { readFileSync, statSync } from 'node:fs';

import { type FluxBundle, sha256 } from '../../lib/model/flux/gotk/flux-bundle';
import { readFluxBundle, unpackFluxBundle } from '../../lib/model/flux/gotk/read-bundle';
import { CommandError } from '../command-error';

/** Which bundle, and where from. */
export interface FluxSourceProps {
  /** Version of Flux. */
  readonly version: string;
  /**
   * File, directory or address.
   *
   * @default - the release on GitHub
   */
  readonly from?: string;
  /**
   * SHA-256 that the archive must have.
   *
   * @default - any
   */
  readonly sha256?: string;
  /** Is told what happens. */
  readonly onProgress: (sentence: string) => void;
}

/** A bundle and where it came from. */
export interface FluxSource {
  /** The bundle. */
  readonly bundle: FluxBundle;
  /** File, directory or address. */
  readonly source: string;
  /**
   * SHA-256 of the archive.
   *
   * @default - it came from a directory
   */
  readonly archive?: string;
}

/** The bundle of a release is 50 kB. */
const LIMIT = 16 * 1024 * 1024;
const TIMEOUT = 60_000;

/**
 * Gets the manifests of a release of Flux.
 *
 * @throws CommandError when they cannot be had
 * @throws ValidationError when what is there is no bundle
 */
export async function fetchFluxBundle(props: FluxSourceProps): Promise<FluxSource> {
  const { version, from = releaseOf(version), onProgress } = props;
  onProgress(`reading ${from}`);
  if (!/^https?:\/\//.test(from) && statSync(from, { throwIfNoEntry: false })?.isDirectory()) {
    if (props.sha256 !== undefined) {
      throw new CommandError(`--sha256: want an archive, and not the directory "${from}"`);
    }

    return { bundle: readFluxBundle(from, version), source: from };
  }
  const archive = /^https?:\/\//.test(from) ? await download(from, onProgress) : readArchive(from);
  const digest = sha256(archive);
  if (props.sha256 !== undefined && props.sha256.toLowerCase() !== digest) {
    throw new CommandError(`${from}: got SHA-256 ${digest}, want ${props.sha256}`);
  }

  return { bundle: unpackFluxBundle(from, archive), source: from, archive: digest };
}

function releaseOf(version: string): string {
  return `https://github.com/fluxcd/flux2/releases/download/${version}/manifests.tar.gz`;
}

function readArchive(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    throw new CommandError(`--from: got "${file}", want a file, a directory or an address`);
  }
}

async function download(url: string, onProgress: (sentence: string) => void): Promise<Uint8Array> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT) });
    if (!response.ok || response.body === null) {
      throw new CommandError(`${url}: HTTP ${response.status} ${response.statusText}`.trim());
    }

    return await read(url, response, onProgress);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${url}: ${reasonOf(error)}. Try --from with a file or a mirror`);
  }
}

async function read(url: string, response: Response, onProgress: (sentence: string) => void): Promise<Uint8Array> {
  const total = Number(response.headers.get('content-length') ?? 0);
  const parts: Uint8Array[] = [];
  let size = 0;
  let told = 0;
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    parts.push(part);
    size += part.length;
    if (size > LIMIT) throw new CommandError(`${url}: more than ${LIMIT} bytes, so not the manifests of Flux`);
    if (size - told >= 1024 * 1024) {
      told = size;
      onProgress(`${Math.round(size / 1024)} kB${total > 0 ? ` of ${Math.round(total / 1024)} kB` : ''}`);
    }
  }
  // A body that ends early is an error of its own where the length was told; a gzip archive also has a checksum.
  onProgress(`${Math.ceil(size / 1024)} kB received`);
  return Buffer.concat(parts);
}

/** `fetch` says "fetch failed", and why in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { readonly message: string; readonly cause?: { readonly message?: string } };
  return cause?.message === undefined || cause.message === '' ? message : cause.message;
}
