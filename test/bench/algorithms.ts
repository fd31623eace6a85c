/** One algorithm in both languages, as a learner writes it: `solve(n)` gives the same number in each. */
export type Algorithm = { name: string; n: number; python: string; javascript: string };

/** Sizes at which Python takes some hundred milliseconds. */
export const ALGORITHMS: readonly Algorithm[] = [
  {
    name: 'pairs in two loops',
    n: 1600,
    python: `def solve(n):
    a = [(i * 7919) % 10007 for i in range(n)]
    best = 0
    for i in range(n):
        for j in range(i + 1, n):
            if a[i] + a[j] == 10007: best += 1
    return best
`,
    javascript: `function solve(n) {
  const a = Array.from({ length: n }, (_, i) => (i * 7919) % 10007);
  let best = 0;
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++)
      if (a[i] + a[j] === 10007) best++;
  return best;
}`,
  },
  {
    name: 'sieve of primes',
    n: 1_200_000,
    python: `def solve(n):
    prime = [True] * (n + 1)
    count = 0
    for i in range(2, n + 1):
        if prime[i]:
            count += 1
            j = i * i
            while j <= n:
                prime[j] = False
                j += i
    return count
`,
    javascript: `function solve(n) {
  const prime = new Array(n + 1).fill(true);
  let count = 0;
  for (let i = 2; i <= n; i++) {
    if (!prime[i]) continue;
    count++;
    for (let j = i * i; j <= n; j += i) prime[j] = false;
  }
  return count;
}`,
  },
  {
    name: 'naive recursion (Fibonacci)',
    n: 26,
    python: 'def solve(n):\n    return n if n < 2 else solve(n - 1) + solve(n - 2)\n',
    javascript: 'function solve(n) { return n < 2 ? n : solve(n - 1) + solve(n - 2); }',
  },
  {
    name: 'table of common subsequences',
    n: 900,
    python: `def solve(n):
    a = [(i * i) % 26 for i in range(n)]
    b = [(i * 7) % 26 for i in range(n)]
    dp = [[0] * (n + 1) for _ in range(n + 1)]
    for i in range(1, n + 1):
        for j in range(1, n + 1):
            if a[i - 1] == b[j - 1]: dp[i][j] = dp[i - 1][j - 1] + 1
            else: dp[i][j] = max(dp[i - 1][j], dp[i][j - 1])
    return dp[n][n]
`,
    javascript: `function solve(n) {
  const a = Array.from({ length: n }, (_, i) => (i * i) % 26);
  const b = Array.from({ length: n }, (_, i) => (i * 7) % 26);
  const dp = Array.from({ length: n + 1 }, () => new Array(n + 1).fill(0));
  for (let i = 1; i <= n; i++)
    for (let j = 1; j <= n; j++)
      dp[i][j] = a[i - 1] === b[j - 1] ? dp[i - 1][j - 1] + 1 : Math.max(dp[i - 1][j], dp[i][j - 1]);
  return dp[n][n];
}`,
  },
  {
    name: 'shortest paths (Floyd)',
    n: 110,
    python: `def solve(n):
    d = [[(i * 31 + j * 17) % 97 + 1 for j in range(n)] for i in range(n)]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if d[i][k] + d[k][j] < d[i][j]: d[i][j] = d[i][k] + d[k][j]
    return sum(map(sum, d))
`,
    javascript: `function solve(n) {
  const d = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i * 31 + j * 17) % 97 + 1));
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        if (d[i][k] + d[k][j] < d[i][j]) d[i][j] = d[i][k] + d[k][j];
  return d.flat().reduce((sum, x) => sum + x, 0);
}`,
  },
  {
    name: 'counting words in a map',
    n: 400_000,
    python: `def solve(n):
    words = [f'w{(i * 7919) % 5003}' for i in range(n)]
    seen = {}
    for word in words: seen[word] = seen.get(word, 0) + 1
    return max(seen.values())
`,
    javascript: `function solve(n) {
  const words = Array.from({ length: n }, (_, i) => \`w\${(i * 7919) % 5003}\`);
  const seen = new Map();
  for (const word of words) seen.set(word, (seen.get(word) ?? 0) + 1);
  return Math.max(...seen.values());
}`,
  },
  {
    name: 'sorting pairs by a key',
    n: 120_000,
    python: `def solve(n):
    pairs = [((i * 7919) % 100003, i) for i in range(n)]
    pairs.sort(key=lambda p: (p[0] % 1000, -p[1]))
    return pairs[n // 2][1]
`,
    javascript: `function solve(n) {
  const pairs = Array.from({ length: n }, (_, i) => [(i * 7919) % 100003, i]);
  pairs.sort((p, q) => (p[0] % 1000) - (q[0] % 1000) || q[1] - p[1]);
  return pairs[Math.floor(n / 2)][1];
}`,
  },
  {
    name: 'breadth first over a grid',
    n: 350,
    python: `from collections import deque
def solve(n):
    grid = [[(i * 5 + j * 3) % 7 != 0 for j in range(n)] for i in range(n)]
    far = [[-1] * n for _ in range(n)]
    far[0][1] = 0
    queue = deque([(0, 1)])
    last = 0
    while queue:
        r, c = queue.popleft()
        last = far[r][c]
        for dr, dc in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            y, x = r + dr, c + dc
            if 0 <= y < n and 0 <= x < n and grid[y][x] and far[y][x] < 0:
                far[y][x] = last + 1
                queue.append((y, x))
    return last
`,
    javascript: `function solve(n) {
  const grid = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i * 5 + j * 3) % 7 !== 0));
  const far = Array.from({ length: n }, () => new Array(n).fill(-1));
  far[0][1] = 0;
  const queue = [[0, 1]];
  let last = 0;
  for (let head = 0; head < queue.length; head++) {
    const [r, c] = queue[head];
    last = far[r][c];
    for (const [dr, dc] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      const [y, x] = [r + dr, c + dc];
      if (y >= 0 && y < n && x >= 0 && x < n && grid[y][x] && far[y][x] < 0) {
        far[y][x] = last + 1;
        queue.push([y, x]);
      }
    }
  }
  return last;
}`,
  },
  {
    name: 'backtracking (queens)',
    n: 8,
    python: `def solve(n):
    cols, up, down = set(), set(), set()
    def place(r):
        if r == n: return 1
        found = 0
        for c in range(n):
            if c in cols or r + c in up or r - c in down: continue
            cols.add(c); up.add(r + c); down.add(r - c)
            found += place(r + 1)
            cols.remove(c); up.remove(r + c); down.remove(r - c)
        return found
    return sum(place(0) for _ in range(4))
`,
    javascript: `function solve(n) {
  const cols = new Set(), up = new Set(), down = new Set();
  function place(r) {
    if (r === n) return 1;
    let found = 0;
    for (let c = 0; c < n; c++) {
      if (cols.has(c) || up.has(r + c) || down.has(r - c)) continue;
      cols.add(c); up.add(r + c); down.add(r - c);
      found += place(r + 1);
      cols.delete(c); up.delete(r + c); down.delete(r - c);
    }
    return found;
  }
  let total = 0;
  for (let i = 0; i < 4; i++) total += place(0);
  return total;
}`,
  },
  {
    name: 'a heap by hand',
    n: 40_000,
    python: `def solve(n):
    heap = []
    for i in range(n):
        heap.append((i * 7919) % 100003)
        k = len(heap) - 1
        while k > 0 and heap[(k - 1) // 2] > heap[k]:
            heap[k], heap[(k - 1) // 2] = heap[(k - 1) // 2], heap[k]
            k = (k - 1) // 2
    total = 0
    while heap:
        total = (total * 31 + heap[0]) % 1000003
        last = heap.pop()
        if not heap: break
        heap[0] = last
        k = 0
        while True:
            c = 2 * k + 1
            if c >= len(heap): break
            if c + 1 < len(heap) and heap[c + 1] < heap[c]: c += 1
            if heap[k] <= heap[c]: break
            heap[k], heap[c] = heap[c], heap[k]
            k = c
    return total
`,
    javascript: `function solve(n) {
  const heap = [];
  for (let i = 0; i < n; i++) {
    heap.push((i * 7919) % 100003);
    let k = heap.length - 1;
    while (k > 0 && heap[(k - 1) >> 1] > heap[k]) {
      [heap[k], heap[(k - 1) >> 1]] = [heap[(k - 1) >> 1], heap[k]];
      k = (k - 1) >> 1;
    }
  }
  let total = 0;
  while (heap.length > 0) {
    total = (total * 31 + heap[0]) % 1000003;
    const last = heap.pop();
    if (heap.length === 0) break;
    heap[0] = last;
    let k = 0;
    for (;;) {
      let c = 2 * k + 1;
      if (c >= heap.length) break;
      if (c + 1 < heap.length && heap[c + 1] < heap[c]) c++;
      if (heap[k] <= heap[c]) break;
      [heap[k], heap[c]] = [heap[c], heap[k]];
      k = c;
    }
  }
  return total;
}`,
  },
  {
    name: 'a search tree of objects',
    n: 25_000,
    python: `def solve(n):
    root = None
    for i in range(n):
        v = (i * 7919) % 100003
        if root is None: root = TreeNode(v); continue
        node = root
        while True:
            if v < node.val:
                if node.left is None: node.left = TreeNode(v); break
                node = node.left
            else:
                if node.right is None: node.right = TreeNode(v); break
                node = node.right
    def height(t): return 0 if t is None else 1 + max(height(t.left), height(t.right))
    return height(root)
`,
    javascript: `function solve(n) {
  let root = null;
  for (let i = 0; i < n; i++) {
    const v = (i * 7919) % 100003;
    if (root === null) { root = new TreeNode(v); continue; }
    for (let node = root; ;) {
      if (v < node.val) {
        if (node.left === null) { node.left = new TreeNode(v); break; }
        node = node.left;
      } else {
        if (node.right === null) { node.right = new TreeNode(v); break; }
        node = node.right;
      }
    }
  }
  const height = (t) => (t === null ? 0 : 1 + Math.max(height(t.left), height(t.right)));
  return height(root);
}`,
  },
  {
    name: 'palindromes around each letter',
    n: 1400,
    python: `def solve(n):
    s = ''.join('ab'[(i * i) % 7 % 2] for i in range(n)) + 'a' * 500
    count = 0
    for centre in range(2 * len(s) - 1):
        left, right = centre // 2, (centre + 1) // 2
        while left >= 0 and right < len(s) and s[left] == s[right]:
            count += 1
            left -= 1
            right += 1
    return count
`,
    javascript: `function solve(n) {
  const s = Array.from({ length: n }, (_, i) => 'ab'[((i * i) % 7) % 2]).join('') + 'a'.repeat(500);
  let count = 0;
  for (let centre = 0; centre < 2 * s.length - 1; centre++) {
    let left = Math.floor(centre / 2), right = Math.floor((centre + 1) / 2);
    while (left >= 0 && right < s.length && s[left] === s[right]) { count++; left--; right++; }
  }
  return count;
}`,
  },
];
