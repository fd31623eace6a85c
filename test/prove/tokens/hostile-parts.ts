import { exportJWK, generateKeyPair } from 'jose';
import { encode, goodClaims, hmac, ISSUER, type Key, makeKey, NOW, signed } from './forge.ts';

const DAY = 86_400;

/** Values that a claim of text must not have. */
const BAD_TEXT: readonly unknown[] = [
  ...[
    '',
    ' ',
    'a\0b',
    'a\nb',
    '\ud800',
    ' padded ',
    '\u202eabc',
    '\u200b',
    '__proto__',
    'x'.repeat(256),
    'x'.repeat(5000),
  ],
  ...[null, 0, 1, true, [], ['learner-1'], {}, { toString: 'x' }],
];
const BAD_TIME: readonly unknown[] = [
  ...[null, '', 'soon', String(NOW + 60), true, [], {}, -1, 1.5, Number.MAX_SAFE_INTEGER + 2, -0.1, 1e18],
];

export async function algorithms(keys: readonly Key[]): Promise<string[]> {
  const names = [
    'none',
    'None',
    'NONE',
    'nOnE',
    '',
    ' ',
    'RS256 ',
    'rs256',
    'HS256',
    'HS384',
    'HS512',
    'RS384',
    'RS512',
  ];
  const more = [
    'PS256',
    'PS384',
    'ES384',
    'ES512',
    'ES256K',
    'Ed25519',
    'Ed448',
    'dir',
    'A128KW',
    null,
    0,
    [],
    ['ES256'],
    {},
  ];
  const tokens: string[] = [];
  for (const key of keys) {
    for (const alg of [...names, ...more].filter((name) => name !== key.alg)) {
      const token = await signed(key, goodClaims(), { alg });
      const [header, payload] = token.split('.');
      tokens.push(token, `${header}.${payload}.`, `${header}.${payload}.AA`, `${header}.${payload}`);
    }
  }
  return tokens;
}

export async function confusion(keys: readonly Key[]): Promise<string[]> {
  const tokens: string[] = [];
  for (const { pem, jwk, kid, alg } of keys) {
    const secrets = [
      pem,
      pem.trim(),
      pem.replaceAll('\n', ''),
      JSON.stringify(jwk),
      jwk.n ?? jwk.x ?? '',
      '',
    ];
    for (const secret of secrets) {
      for (const name of ['HS256', 'HS384', 'HS512']) {
        tokens.push(
          hmac(name, { kid }, goodClaims(), secret),
          hmac(name, { kid, typ: 'JWT' }, goodClaims(), secret),
        );
      }
      const [, payload, tag] = hmac('HS256', { kid }, goodClaims(), secret).split('.');
      tokens.push(`${encode({ alg, kid })}.${payload}.${tag}`);
    }
  }
  return tokens;
}

export async function keyPointers(key: Key): Promise<string[]> {
  const attacker = await makeKey(key.alg, key.kid);
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  const other = await exportJWK(publicKey);
  const pointers = [
    ...[
      { jwk: attacker.jwk },
      { jwk: other },
      { jku: 'https://evil.example/jwks' },
      { jku: 'file:///etc/passwd' },
    ],
    ...[
      { x5u: 'https://evil.example/x' },
      { x5c: ['MIIB'] },
      { crit: ['exp'] },
      { crit: [] },
      { b64: false },
    ],
    ...[{ crit: ['b64'], b64: false }, { jku: null }, { jwk: 'x' }],
  ];
  const kids = [
    '../../etc/passwd',
    "' or 1=1 --",
    'https://evil.example/k',
    '\0',
    'x'.repeat(70_000),
    '',
    0,
    [],
    {},
    null,
    true,
  ];
  return Promise.all([
    ...pointers.flatMap((header) => [
      signed(attacker, goodClaims(), header),
      signed(key, goodClaims(), header),
    ]),
    ...kids.flatMap((kid) => [
      signed(attacker, goodClaims(), { kid }),
      signed(attacker, goodClaims(), { kid, jwk: attacker.jwk }),
    ]),
    ...kids
      .filter((kid) => typeof kid !== 'string' || kid === '' || kid.length > 300)
      .map((kid) => signed(key, goodClaims(), { kid })),
  ]);
}

export async function types(key: Key): Promise<string[]> {
  const names = [
    'id+jwt',
    'JWE',
    'logout+jwt',
    'text',
    '',
    'jwt ',
    'JWT,at+jwt',
    0,
    null,
    [],
    {},
    'application/secevent+jwt',
  ];
  return Promise.all(names.map((typ) => signed(key, goodClaims(), { typ })));
}

export async function claims(key: Key): Promise<[string, string][]> {
  const made: [string, unknown][] = [];
  const without = (name: string) =>
    Object.fromEntries(Object.entries(goodClaims()).filter(([key]) => key !== name));
  for (const name of ['iss', 'sub', 'iat', 'exp']) made.push([`${name} missing`, without(name)]);
  for (const sub of BAD_TEXT) made.push(['sub', { ...goodClaims(), sub }]);
  const wrong = [
    `https://${ISSUER}`,
    `${ISSUER}/`,
    ISSUER.toUpperCase(),
    `${ISSUER}.evil.example`,
    ` ${ISSUER}`,
    [ISSUER],
  ];
  for (const iss of [...wrong, ...BAD_TEXT]) made.push(['iss', { ...goodClaims(), iss }]);
  for (const exp of [
    NOW - 6,
    NOW - DAY,
    0,
    (NOW + 60) * 1000,
    NOW + 2 * DAY,
    NOW + 100 * 365 * DAY,
    ...BAD_TIME,
  ]) {
    made.push(['exp', { ...goodClaims(), exp }]);
  }
  for (const iat of [NOW + 60, NOW - 2 * DAY, (NOW - 60) * 1000, NOW + 4000, ...BAD_TIME]) {
    made.push(['iat', { ...goodClaims(), iat }]);
  }
  // Half a second after 1970 is a time that has come; as `exp` or `iat` it is too old.
  const badStarts = BAD_TIME.filter((time) => time !== 1.5);
  for (const nbf of [NOW + 60, NOW + 5.5, NOW + DAY, ...badStarts]) {
    made.push(['nbf', { ...goodClaims(), nbf }]);
  }
  const texts: [string, string][] = [
    ['exp', JSON.stringify(goodClaims()).replace(/"exp":\d+/, '"exp":1e400')],
    ['exp', JSON.stringify(goodClaims()).replace(/"exp":\d+/, '"exp":-1e400')],
    ['payload', ''],
    ['payload', 'null'],
    ['payload', '[]'],
    ['payload', '"learner-1"'],
    ['payload', '{"sub":"learner-1"'],
    ['payload', '{"__proto__":{"sub":"learner-1"}}'],
    ['payload', `${'['.repeat(2000)}${']'.repeat(2000)}`],
    ['payload', '\xff\xfe'],
  ];
  const all = [...made, ...texts];
  return Promise.all(
    all.map(async ([kind, payload]): Promise<[string, string]> => [kind, await signed(key, payload)]),
  );
}

export function shapes(token: string): string[] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const all = [header, payload, signature];
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(signature.at(-1) ?? 'A');
  // The same bytes in another spelling: bits behind the last byte that decoders ignore.
  const spelled = [1, 2, 3].map(
    (more) => `${header}.${payload}.${signature.slice(0, -1)}${alphabet[last ^ more]}`,
  );
  return [
    ...[
      `${header}.${payload}`,
      header,
      '',
      '.',
      '..',
      '...',
      `${token}.`,
      `.${token}`,
      `${token}.${signature}`,
    ],
    ...[`${header}..${signature}`, `.${payload}.${signature}`, `${token}=`, `${token}==`, `${token}A`],
    ...[
      `${header} .${payload}.${signature}`,
      `${header}.${payload}.${signature}%20`,
      `${header}.${payload}.${signature}+`,
    ],
    ...[all.toReversed().join('.'), `${payload}.${header}.${signature}`, `${header}.${payload}.${header}`],
    ...(signature.length % 4 === 0 ? [] : spelled),
    ...Array.from({ length: 60 }, (_, cut) => token.slice(0, Math.floor((token.length * cut) / 60))),
    `${token.slice(0, -1)}/`,
    `${header}.${payload}.${'A'.repeat(signature.length)}`,
    `${header}.${payload}.${'A'.repeat(9000)}`,
  ];
}

export async function swaps(keys: readonly Key[]): Promise<string[]> {
  const mine = await Promise.all(keys.map((key) => signed(key)));
  const theirs = await Promise.all(keys.map((key) => signed(key, { ...goodClaims(), sub: 'learner-2' })));
  return mine.flatMap((token, index) => {
    const [header, payload, signature] = token.split('.');
    const [, payload2, signature2] = (theirs[index] ?? '').split('.');
    const others = mine.filter((_, other) => other !== index).map((other) => other.split('.')[2]);
    return [
      `${header}.${payload2}.${signature}`,
      `${header}.${payload}.${signature2}`,
      ...others.map((other) => `${header}.${payload}.${other}`),
    ];
  });
}
