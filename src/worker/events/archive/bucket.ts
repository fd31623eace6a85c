/** Where archived events are kept: few operations, so that any object store can be one. */
export type ArchiveBucket = {
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Null when there is no such object. */
  get(key: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Deleting what is not there is no error. At most 1000 keys. */
  delete(keys: string[]): Promise<void>;
};

/** What of an R2 bucket is used. */
export type R2Like = {
  put(key: string, value: Uint8Array<ArrayBuffer>, options: object): Promise<unknown>;
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
  delete(keys: string[]): Promise<void>;
};

const HTTP_METADATA = { contentType: 'application/x-ndjson', contentEncoding: 'gzip' };

export function r2Archive(bucket: R2Like): ArchiveBucket {
  return {
    async put(key, bytes) {
      await bucket.put(key, bytes, { httpMetadata: HTTP_METADATA });
    },
    async get(key) {
      const object = await bucket.get(key);
      return object === null ? null : new Uint8Array(await object.arrayBuffer());
    },
    async delete(keys) {
      await bucket.delete(keys);
    },
  };
}
