/** lucide has types for its index only, and importing two thousand icons to use thirty makes every build slow. */
declare module 'lucide/dist/esm/icons/*' {
  const icon: readonly (readonly [tag: string, attributes: Readonly<Record<string, string>>])[];
  export default icon;
}

declare module '*.css' {}
