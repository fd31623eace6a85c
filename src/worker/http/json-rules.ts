import type { FieldError } from '../errors.ts';

const MAX_DEPTH = 32;
const MAX_KEYS = 1000;
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

function textFault(value: string): string | null {
  if (value.includes('\0')) return 'must not contain NUL';
  return value.isWellFormed() ? null : 'must be well-formed text (no lone surrogate)';
}

function valueFault(value: unknown): string | null {
  if (typeof value === 'string') return textFault(value);
  if (typeof value !== 'number') return null;
  if (!Number.isFinite(value)) return 'is too large a number';
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return 'must be an integer between -(2^53 - 1) and 2^53 - 1';
  }
  return null;
}

function keyFault(key: string): string | null {
  return RESERVED.has(key) ? 'is a reserved name' : textFault(key);
}

function join(path: string, key: string | number): string {
  const name = typeof key === 'string' ? key.slice(0, 100).toWellFormed() : String(key);
  return path === '' ? name : `${path}.${name}`;
}

/**
 * First part of a parsed JSON value that PostgreSQL would refuse or change, or that could reach a prototype
 * (decisions, section 9): depth over 32, over 1000 keys in an object, reserved names, ill-formed text, inexact numbers.
 */
export function findFault(value: unknown, path = '', depth = 0): FieldError | null {
  if (typeof value !== 'object' || value === null) {
    const message = valueFault(value);
    return message === null ? null : { path, message };
  }
  if (depth === MAX_DEPTH) return { path, message: `is nested deeper than ${MAX_DEPTH} levels` };
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const fault = findFault(item, join(path, index), depth + 1);
      if (fault !== null) return fault;
    }
    return null;
  }
  const entries = Object.entries(value);
  if (entries.length > MAX_KEYS) return { path, message: `has more than ${MAX_KEYS} keys` };
  for (const [key, item] of entries) {
    const message = keyFault(key);
    if (message !== null) return { path: join(path, key), message };
    const fault = findFault(item, join(path, key), depth + 1);
    if (fault !== null) return fault;
  }
  return null;
}
