import type { ProblemInput } from './problem-input.ts';

const squareTiles: ProblemInput = {
  problem_id: 'math-geometry-square-tiles',
  title: 'The Largest Square Tile',
  module: 'math-geometry',
  topic_tags: ['math-geometry', 'greatest common divisor'],
  difficulty: 1,
  expected_minutes: 12,
  entry_point: 'tile_floor',
  params: ['length', 'width'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A rectangular floor of \`length\` by \`width\` centimetres is to be covered with equal square tiles. No tile may be
cut, and the side of a tile is a whole number of centimetres. The fewer tiles the better.

**Task.** Return \`[side, count]\`: the side of the largest tile that works, and how many of them cover the floor.

**Constraints**

- \`1 <= length, width <= 10^7\`

**Example 1.** \`tile_floor(600, 450)\` gives \`[150, 12]\`: four by three tiles.

**Example 2.** \`tile_floor(7, 5)\` gives \`[1, 35]\`.`,
  starter_code: {
    python: `def tile_floor(length, width):
    """Return [side, count] for the largest square tile that fits without cutting."""
    pass
`,
    javascript: `/**
 * @param {number} length
 * @param {number} width
 * @returns {number[]} [side, count] for the largest square tile that fits without cutting
 */
function tile_floor(length, width) {
}
`,
  },
  visible_tests: [
    { args: [600, 450], expected: [150, 12] },
    { args: [7, 5], expected: [1, 35] },
  ],
  hidden_tests: [
    { args: [1, 1], expected: [1, 1] },
    { args: [80, 80], expected: [80, 1] },
    { args: [1, 9], expected: [1, 9] },
    { args: [30, 120], expected: [30, 4] },
    { args: [84, 36], expected: [12, 21] },
    { args: [10000000, 10000000], expected: [10000000, 1] },
    { args: [10000000, 9999999], expected: [1, 99999990000000] },
    // Neighbouring Fibonacci numbers: the most steps for Euclid, and no common divisor.
    { args: [9227465, 5702887], expected: [1, 9227465 * 5702887] },
    { args: [1024 * 6561, 512 * 2187], expected: [512 * 2187, 6] },
  ],
  hints: [
    'The side has to divide both the length and the width.',
    'The largest number that divides both is their greatest common divisor; Euclid finds it without trying all candidates.',
    'While b is not 0 replace (a, b) by (b, a mod b); a is then the side. The count is (length / side) * (width / side).',
  ],
  reference_solution: {
    python: `def tile_floor(length, width):
    side, rest = length, width
    while rest:
        side, rest = rest, side % rest
    return [side, (length // side) * (width // side)]
`,
    javascript: `function tile_floor(length, width) {
  let side = length;
  let rest = width;
  while (rest !== 0) [side, rest] = [rest, side % rest];
  return [side, (length / side) * (width / side)];
}
`,
  },
};

const twoPosters: ProblemInput = {
  problem_id: 'math-geometry-two-posters',
  title: 'Wall Behind Two Posters',
  module: 'math-geometry',
  topic_tags: ['math-geometry', 'rectangles', 'inclusion-exclusion'],
  difficulty: 2,
  expected_minutes: 15,
  entry_point: 'covered_area',
  params: ['first', 'second'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `Two rectangular posters hang on a wall, their edges parallel to the floor. A poster is given as
\`[left, bottom, right, top]\` in centimetres. They may overlap, touch, hang apart, or one may hide the other.

**Task.** Return how many square centimetres of the wall are covered by at least one poster.

**Constraints**

- all coordinates are whole numbers from \`-10^7\` to \`10^7\`
- \`left < right\` and \`bottom < top\` for both posters

**Example 1.** \`covered_area([0, 0, 4, 3], [2, 1, 6, 5])\` gives \`24\`: 12 + 16 less the common 2 by 2.

**Example 2.** \`covered_area([0, 0, 1, 1], [5, 5, 6, 7])\` gives \`3\`.`,
  starter_code: {
    python: `def covered_area(first, second):
    """Return the area covered by at least one of two [left, bottom, right, top]."""
    pass
`,
    javascript: `/**
 * @param {number[]} first [left, bottom, right, top]
 * @param {number[]} second [left, bottom, right, top]
 * @returns {number} the area covered by at least one of them
 */
function covered_area(first, second) {
}
`,
  },
  visible_tests: [
    {
      args: [
        [0, 0, 4, 3],
        [2, 1, 6, 5],
      ],
      expected: 24,
    },
    {
      args: [
        [0, 0, 1, 1],
        [5, 5, 6, 7],
      ],
      expected: 3,
    },
  ],
  hidden_tests: [
    {
      args: [
        [1, 1, 3, 3],
        [1, 1, 3, 3],
      ],
      expected: 4,
    },
    {
      args: [
        [0, 0, 10, 10],
        [4, 4, 5, 6],
      ],
      expected: 100,
    },
    {
      args: [
        [4, 4, 5, 6],
        [0, 0, 10, 10],
      ],
      expected: 100,
    },
    // A common edge and a common corner have no area.
    {
      args: [
        [0, 0, 2, 2],
        [2, 0, 4, 2],
      ],
      expected: 8,
    },
    {
      args: [
        [0, 0, 2, 2],
        [2, 2, 3, 3],
      ],
      expected: 5,
    },
    // A cross: neither poster has a corner inside the other.
    {
      args: [
        [-5, -1, 5, 1],
        [-1, -5, 1, 5],
      ],
      expected: 36,
    },
    // Apart in both directions: two negative overlaps must not make a positive one.
    {
      args: [
        [-9, -9, -8, -8],
        [8, 8, 9, 9],
      ],
      expected: 2,
    },
    {
      args: [
        [-3, -3, 0, 0],
        [-1, -2, 4, 2],
      ],
      expected: 27,
    },
    {
      args: [
        [-10000000, -10000000, 10000000, 10000000],
        [0, 0, 10000000, 10000000],
      ],
      expected: 400000000000000,
    },
  ],
  hints: [
    'Add both areas. What has been counted twice?',
    'The common part is again a rectangle. Its left edge is the larger of the two left edges; the other edges follow in the same way.',
    'Common width = min(rights) - max(lefts), common height = min(tops) - max(bottoms), each at least 0. The answer is area + area - width * height.',
  ],
  reference_solution: {
    python: `def covered_area(first, second):
    def area(left, bottom, right, top):
        return max(0, right - left) * max(0, top - bottom)

    common = area(
        max(first[0], second[0]),
        max(first[1], second[1]),
        min(first[2], second[2]),
        min(first[3], second[3]),
    )
    return area(*first) + area(*second) - common
`,
    javascript: `function covered_area(first, second) {
  const area = ([left, bottom, right, top]) => Math.max(0, right - left) * Math.max(0, top - bottom);
  const common = area([
    Math.max(first[0], second[0]),
    Math.max(first[1], second[1]),
    Math.min(first[2], second[2]),
    Math.min(first[3], second[3]),
  ]);
  return area(first) + area(second) - common;
}
`,
  },
};

const nearestTrail: ProblemInput = {
  problem_id: 'math-geometry-nearest-trail',
  title: 'From the Hut to the Trail',
  module: 'math-geometry',
  topic_tags: ['math-geometry', 'vectors', 'distance'],
  difficulty: 3,
  expected_minutes: 28,
  entry_point: 'distance_to_trail',
  params: ['trail', 'hut'],
  languages: ['python', 'javascript'],
  comparison: 'approx-1e-6',
  statement: `On a map a hiking trail runs in straight stretches from each of its points \`[x, y]\` to the next. A hut stands at
the point \`hut = [x, y]\`.

**Task.** Return the distance from the hut to the nearest place on the trail, which may lie anywhere on a stretch and
not only at its ends. A trail of one point has no stretch: then the distance to that point is wanted.

An error of at most \`10^-6\` (absolute or relative) is accepted.

**Constraints**

- \`1 <= len(trail) <= 5000\`
- coordinates are whole numbers from \`-10^5\` to \`10^5\`
- the same point may come twice in a row

**Example 1.** \`distance_to_trail([[0, 0], [10, 0]], [4, 3])\` gives \`3\`.

**Example 2.** \`distance_to_trail([[0, 0], [10, 0]], [13, 4])\` gives \`5\`: the end of the trail is nearest.`,
  starter_code: {
    python: `def distance_to_trail(trail, hut):
    """Return the distance from hut to the nearest place on the trail."""
    pass
`,
    javascript: `/**
 * @param {number[][]} trail points [x, y]
 * @param {number[]} hut [x, y]
 * @returns {number} the distance from hut to the nearest place on the trail
 */
function distance_to_trail(trail, hut) {
}
`,
  },
  visible_tests: [
    {
      args: [
        [
          [0, 0],
          [10, 0],
        ],
        [4, 3],
      ],
      expected: 3,
    },
    {
      args: [
        [
          [0, 0],
          [10, 0],
        ],
        [13, 4],
      ],
      expected: 5,
    },
  ],
  hidden_tests: [
    { args: [[[2, 3]], [2, 3]], expected: 0 },
    { args: [[[0, 0]], [-5, 12]], expected: 13 },
    {
      args: [
        [
          [1, 1],
          [1, 1],
        ],
        [4, 5],
      ],
      expected: 5,
    },
    {
      args: [
        [
          [0, 0],
          [6, 6],
        ],
        [3, 3],
      ],
      expected: 0,
    },
    {
      args: [
        [
          [0, 0],
          [4, 4],
        ],
        [4, 0],
      ],
      expected: 2 * Math.SQRT2,
    },
    // The stretch is nearest in its middle although both of its ends are far away.
    {
      args: [
        [
          [-100000, 7],
          [100000, 7],
          [100000, 100000],
        ],
        [12, 0],
      ],
      expected: 7,
    },
    {
      args: [
        [
          [0, 10],
          [0, 2],
          [9, 2],
          [9, 10],
        ],
        [5, 7],
      ],
      expected: 4,
    },
    { args: [Array.from({ length: 4000 }, (_, i) => [i, 0]), [2500, 30]], expected: 30 },
    // A straight diagonal: the foot of the perpendicular from [101, 0] lies between two points.
    { args: [Array.from({ length: 4000 }, (_, i) => [i, i]), [101, 0]], expected: 101 / Math.SQRT2 },
  ],
  hints: [
    'Solve it for one stretch and take the smallest result over all stretches.',
    'Drop a perpendicular from the hut to the line through the stretch. If its foot lies beyond an end, that end is nearest.',
    'With d = q - p and t = ((hut - p) . d) / (d . d), clamp t to the range 0 to 1; the nearest place is p + t * d. If d . d is 0 the stretch is just the point p.',
  ],
  reference_solution: {
    python: `import math


def distance_to_trail(trail, hut):
    hx, hy = hut
    nearest = math.hypot(hx - trail[0][0], hy - trail[0][1])
    for (px, py), (qx, qy) in zip(trail, trail[1:]):
        dx, dy = qx - px, qy - py
        squared = dx * dx + dy * dy
        t = ((hx - px) * dx + (hy - py) * dy) / squared if squared else 0.0
        t = min(1.0, max(0.0, t))
        nearest = min(nearest, math.hypot(hx - px - t * dx, hy - py - t * dy))
    return nearest
`,
    javascript: `function distance_to_trail(trail, hut) {
  const [hx, hy] = hut;
  let nearest = Math.hypot(hx - trail[0][0], hy - trail[0][1]);
  for (let i = 1; i < trail.length; i += 1) {
    const [px, py] = trail[i - 1];
    const dx = trail[i][0] - px;
    const dy = trail[i][1] - py;
    const squared = dx * dx + dy * dy;
    const foot = squared === 0 ? 0 : ((hx - px) * dx + (hy - py) * dy) / squared;
    const t = Math.min(1, Math.max(0, foot));
    nearest = Math.min(nearest, Math.hypot(hx - px - t * dx, hy - py - t * dy));
  }
  return nearest;
}
`,
  },
};

const orchardFence: ProblemInput = {
  problem_id: 'math-geometry-orchard-fence',
  title: 'A Fence Around the Orchard',
  module: 'math-geometry',
  topic_tags: ['math-geometry', 'convex hull', 'sorting'],
  difficulty: 4,
  expected_minutes: 40,
  entry_point: 'fence_orchard',
  params: ['trees'],
  languages: ['python', 'javascript'],
  comparison: 'exact',
  statement: `A rope is pulled tight around all trees of an orchard, so that every tree stands inside or touches the rope. Trees
are points \`[x, y]\`; two trees may even stand in the same point.

**Task.** Return \`[corners, doubled_area]\`: the number of points at which the rope changes its direction, and twice
the area that it encloses (which is a whole number). A tree that the rope only passes in a straight line is no corner.

If all trees stand on one line the area is \`0\`, and the corners are the two ends of the line. If all stand in one
point there is one corner; without trees there is none.

**Constraints**

- \`0 <= len(trees) <= 5000\`
- coordinates are whole numbers from \`-10^6\` to \`10^6\`

**Example 1.** \`fence_orchard([[0, 0], [4, 0], [4, 3], [0, 3], [2, 1]])\` gives \`[4, 24]\`.

**Example 2.** \`fence_orchard([[1, 1], [5, 5], [3, 3]])\` gives \`[2, 0]\`.`,
  starter_code: {
    python: `def fence_orchard(trees):
    """Return [number of corners, twice the enclosed area] of the tight rope."""
    pass
`,
    javascript: `/**
 * @param {number[][]} trees points [x, y]
 * @returns {number[]} [number of corners, twice the enclosed area] of the tight rope
 */
function fence_orchard(trees) {
}
`,
  },
  visible_tests: [
    {
      args: [
        [
          [0, 0],
          [4, 0],
          [4, 3],
          [0, 3],
          [2, 1],
        ],
      ],
      expected: [4, 24],
    },
    {
      args: [
        [
          [1, 1],
          [5, 5],
          [3, 3],
        ],
      ],
      expected: [2, 0],
    },
  ],
  hidden_tests: [
    { args: [[]], expected: [0, 0] },
    {
      args: [
        [
          [3, -2],
          [3, -2],
          [3, -2],
        ],
      ],
      expected: [1, 0],
    },
    {
      args: [
        [
          [7, 9],
          [7, 1],
          [7, 5],
          [7, 1],
        ],
      ],
      expected: [2, 0],
    },
    {
      args: [
        [
          [0, 0],
          [1, 0],
          [0, 1],
        ],
      ],
      expected: [3, 1],
    },
    // Trees in the middle of each side touch the rope without bending it.
    {
      args: [
        [
          [0, 0],
          [2, 0],
          [4, 0],
          [4, 2],
          [4, 4],
          [2, 4],
          [0, 4],
          [0, 2],
        ],
      ],
      expected: [4, 32],
    },
    {
      args: [
        [
          [-2, 0],
          [2, 0],
          [0, 3],
          [0, -3],
          [1, 1],
          [-1, -1],
        ],
      ],
      expected: [4, 24],
    },
    {
      args: [
        [
          [-1000000, -1000000],
          [1000000, -1000000],
          [1000000, 1000000],
          [-1000000, 1000000],
          [999999, 0],
        ],
      ],
      expected: [4, 8000000000000],
    },
    // A full 70 by 70 grid: its four corners.
    {
      args: [Array.from({ length: 4900 }, (_, i) => [i % 70, Math.floor(i / 70)])],
      expected: [4, 2 * 69 * 69],
    },
    // Points of a parabola are all corners; by the shoelace formula twice the area is the sum of i * (i + 1).
    {
      args: [Array.from({ length: 1000 }, (_, i) => [i, i * i])],
      expected: [1000, (998 * 999 * 1000) / 3],
    },
  ],
  hints: [
    'Walk along the lower side of the orchard from the leftmost to the rightmost tree. In which direction may the rope turn at a corner?',
    'Sort the different points by x, then y. Keep a stack of corners; the cross product of the last two steps tells left turns from right turns and straight lines.',
    'Before pushing a point, pop while the last two on the stack and the new point do not turn left (cross product <= 0). Do it once in ascending and once in descending order, join both chains without their last points, and apply the shoelace formula.',
  ],
  reference_solution: {
    python: `def fence_orchard(trees):
    points = sorted({(x, y) for x, y in trees})
    if len(points) < 3:
        return [len(points), 0]

    def chain(ordered):
        corners = []
        for x, y in ordered:
            while len(corners) > 1:
                (ax, ay), (bx, by) = corners[-2:]
                if (bx - ax) * (y - by) - (by - ay) * (x - bx) > 0:
                    break
                corners.pop()
            corners.append((x, y))
        return corners[:-1]

    corners = chain(points) + chain(points[::-1])
    doubled = sum(
        ax * by - bx * ay
        for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1])
    )
    return [len(corners), doubled]
`,
    javascript: `function fence_orchard(trees) {
  const points = [...trees]
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .filter(([x, y], i, all) => i === 0 || x !== all[i - 1][0] || y !== all[i - 1][1]);
  if (points.length < 3) return [points.length, 0];
  function chain(ordered) {
    const corners = [];
    for (const [x, y] of ordered) {
      while (corners.length > 1) {
        const [ax, ay] = corners[corners.length - 2];
        const [bx, by] = corners[corners.length - 1];
        if ((bx - ax) * (y - by) - (by - ay) * (x - bx) > 0) break;
        corners.pop();
      }
      corners.push([x, y]);
    }
    corners.pop();
    return corners;
  }
  const corners = [...chain(points), ...chain([...points].reverse())];
  let doubled = 0;
  corners.forEach(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % corners.length];
    doubled += ax * by - bx * ay;
  });
  return [corners.length, doubled];
}
`,
  },
};

export const mathGeometry: ProblemInput[] = [squareTiles, twoPosters, nearestTrail, orchardFence];
