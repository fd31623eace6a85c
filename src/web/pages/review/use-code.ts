import { useEffect, useState } from 'preact/hooks';

/**
 * Code of a part that is fetched on its own, once it is wanted: null until it is there, `failed` when it cannot be had.
 * Pass a constant function.
 */
export function useCode<T>(fetchCode: () => Promise<T>, wanted: boolean): T | 'failed' | null {
  const [code, setCode] = useState<{ value: T | 'failed' } | null>(null);
  useEffect(() => {
    if (!wanted || code !== null) return;
    let current = true;
    fetchCode().then(
      (value) => current && setCode({ value }),
      () => current && setCode({ value: 'failed' }),
    );
    return () => {
      current = false;
    };
  }, [fetchCode, wanted, code]);
  return code === null ? null : code.value;
}
