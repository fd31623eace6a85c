import type { ProblemInput } from './problem-input.ts';

/** Linked lists: problems written for this bank. */
export const linkedLists: ProblemInput[] = [
  {
    problem_id: 'lists-drop-every',
    title: 'Every k-th Wagon Is Uncoupled',
    module: 'linked-lists',
    topic_tags: ['linked-lists', 'traversal', 'deletion'],
    difficulty: 1,
    expected_minutes: 15,
    languages: ['python', 'javascript'],
    entry_point: 'drop_every',
    params: ['head', 'step'],
    signature: { arg_types: ['ListNode', null], return_type: 'ListNode' },
    comparison: 'exact',
    statement: `A train is a singly linked list of wagons. At the depot, the wagons at the positions \`step\`, \`2 * step\`, \`3 * step\` and so on (counted from 1 in the original train) are uncoupled. Return the head of the train that remains.

The classes are predefined: a \`ListNode\` has the fields \`val\` and \`next\`; an empty list is \`None\` (Python) or \`null\` (JavaScript). In the examples lists are written as arrays.

**Parameters**
- \`head\`: first node of the list
- \`step\`: integer

**Returns** the first node of the remaining list.

**Constraints**
- the list has 0 to 5000 nodes, values between -10000 and 10000
- \`1 <= step <= 20000\`; with step 1 nothing remains
- aim for O(n) time and O(1) extra memory

**Example 1**

    drop_every([5, 6, 7, 8, 9], 2)  ->  [5, 7, 9]

**Example 2**

    drop_every([5, 6, 7], 4)  ->  [5, 6, 7]
`,
    starter_code: {
      python: `def drop_every(head: ListNode | None, step: int) -> ListNode | None:
    """Return the list without the nodes at the positions step, 2 * step, 3 * step, ..."""
    pass
`,
      javascript: `/**
 * Return the list without the nodes at the positions step, 2 * step, 3 * step, ...
 * @param {ListNode | null} head
 * @param {number} step
 * @returns {ListNode | null}
 */
function drop_every(head, step) {
}
`,
    },
    visible_tests: [
      { args: [[5, 6, 7, 8, 9], 2], expected: [5, 7, 9] },
      { args: [[5, 6, 7], 4], expected: [5, 6, 7] },
      { args: [[5, 6, 7], 1], expected: [] },
    ],
    hidden_tests: [
      { args: [[], 1], expected: [] },
      { args: [[], 5], expected: [] },
      { args: [[1], 1], expected: [] },
      { args: [[1], 2], expected: [1] },
      { args: [[1, 2], 2], expected: [1] },
      { args: [[4, 4, 4, 4], 3], expected: [4, 4, 4] },
      { args: [[1, 2, 3, 4, 5, 6], 3], expected: [1, 2, 4, 5] },
      { args: [[-1, -2, -3, -4, -5, -6, -7], 7], expected: [-1, -2, -3, -4, -5, -6] },
      { args: [[9, 8, 7, 6], 20000], expected: [9, 8, 7, 6] },
      {
        args: [Array.from({ length: 5000 }, (_, i) => i % 2), 2],
        expected: Array.from({ length: 2500 }, () => 0),
      },
      {
        args: [Array.from({ length: 5000 }, () => 3), 5000],
        expected: Array.from({ length: 4999 }, () => 3),
      },
    ],
    hints: [
      'To take out a node you need its predecessor. What is the predecessor of the first node?',
      'Put an extra node in front of the list so that every wagon has a predecessor, and count the positions while you walk.',
      'Keep `before` (starts at the extra node) and a position counter. For each node: if the position is a multiple of step, link before.next past it; otherwise move before to it. Return what follows the extra node.',
    ],
    reference_solution: {
      python: `def drop_every(head: ListNode | None, step: int) -> ListNode | None:
    dummy = ListNode(0, head)
    before = dummy
    position = 1
    while before.next:
        if position % step == 0:
            before.next = before.next.next
        else:
            before = before.next
        position += 1
    return dummy.next
`,
      javascript: `function drop_every(head, step) {
  const dummy = new ListNode(0, head);
  let before = dummy;
  for (let position = 1; before.next; position++) {
    if (position % step === 0) before.next = before.next.next;
    else before = before.next;
  }
  return dummy.next;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'lists-swap-halves',
    title: 'The Back Half Goes First',
    module: 'linked-lists',
    topic_tags: ['linked-lists', 'slow-fast-pointers'],
    difficulty: 2,
    expected_minutes: 18,
    languages: ['python', 'javascript'],
    entry_point: 'swap_halves',
    params: ['head'],
    signature: { arg_types: ['ListNode'], return_type: 'ListNode' },
    comparison: 'exact',
    statement: `A queue of children in front of a bus is a singly linked list. The bus opens its rear door, so the **second half** of the queue gets on first, followed by the first half; within each half the order stays. With an odd number of children, the child in the middle belongs to the first half.

Relink the nodes and return the new head.

The classes are predefined: a \`ListNode\` has the fields \`val\` and \`next\`; an empty list is \`None\` (Python) or \`null\` (JavaScript). In the examples lists are written as arrays.

**Parameters**
- \`head\`: first node of the list

**Returns** the first node after the swap.

**Constraints**
- the list has 0 to 5000 nodes, values between -10000 and 10000
- aim for O(n) time and O(1) extra memory

**Example 1**

    swap_halves([1, 2, 3, 4, 5])  ->  [4, 5, 1, 2, 3]

**Example 2**

    swap_halves([1, 2])  ->  [2, 1]
`,
    starter_code: {
      python: `def swap_halves(head: ListNode | None) -> ListNode | None:
    """Return the list with its second half moved in front of its first half."""
    pass
`,
      javascript: `/**
 * Return the list with its second half moved in front of its first half.
 * @param {ListNode | null} head
 * @returns {ListNode | null}
 */
function swap_halves(head) {
}
`,
    },
    visible_tests: [
      { args: [[1, 2, 3, 4, 5]], expected: [4, 5, 1, 2, 3] },
      { args: [[1, 2]], expected: [2, 1] },
    ],
    hidden_tests: [
      { args: [[]], expected: [] },
      { args: [[8]], expected: [8] },
      { args: [[1, 2, 3]], expected: [3, 1, 2] },
      { args: [[1, 2, 3, 4]], expected: [3, 4, 1, 2] },
      { args: [[5, 5, 5]], expected: [5, 5, 5] },
      { args: [[0, -1, 0, -1, 0, -1]], expected: [-1, 0, -1, 0, -1, 0] },
      { args: [[1, 2, 3, 4, 5, 6, 7]], expected: [5, 6, 7, 1, 2, 3, 4] },
      { args: [[9, 8, 7, 6, 5, 4, 3, 2]], expected: [5, 4, 3, 2, 9, 8, 7, 6] },
      {
        args: [Array.from({ length: 5000 }, (_, i) => (i < 2500 ? 1 : 2))],
        expected: Array.from({ length: 5000 }, (_, i) => (i < 2500 ? 2 : 1)),
      },
      {
        args: [Array.from({ length: 4999 }, (_, i) => (i < 2500 ? 1 : 2))],
        expected: Array.from({ length: 4999 }, (_, i) => (i < 2499 ? 2 : 1)),
      },
    ],
    hints: [
      'Where do you have to cut? You can count the nodes first, or find the middle in one walk.',
      'A slow pointer makes one step while a fast one makes two: when the fast one reaches the end, the slow one is at the last node of the first half.',
      'With fewer than two nodes return the list. Otherwise find the last node of the first half, remember what follows it as the new head, cut there, walk to the end of the second half and link it to the old head.',
    ],
    reference_solution: {
      python: `def swap_halves(head: ListNode | None) -> ListNode | None:
    if head is None or head.next is None:
        return head
    slow, fast = head, head.next
    while fast.next:
        fast = fast.next
        if fast.next:
            slow, fast = slow.next, fast.next
        else:
            slow = slow.next
    second, slow.next = slow.next, None
    fast.next = head
    return second
`,
      javascript: `function swap_halves(head) {
  if (!head?.next) return head;
  let slow = head;
  let last = head.next;
  while (last.next) {
    slow = slow.next;
    last = last.next.next ?? last.next;
  }
  const second = slow.next;
  slow.next = null;
  last.next = head;
  return second;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'lists-fold-ribbon',
    title: 'Folding the Ribbon',
    module: 'linked-lists',
    topic_tags: ['linked-lists', 'slow-fast-pointers', 'reversal', 'merging'],
    difficulty: 3,
    expected_minutes: 28,
    languages: ['python', 'javascript'],
    entry_point: 'fold_ribbon',
    params: ['head'],
    signature: { arg_types: ['ListNode'], return_type: 'ListNode' },
    comparison: 'exact',
    statement: `A ribbon is printed with numbers, one after another, and stored as a singly linked list. It is folded in the middle, so that the last number lies on the first, the second to last on the second, and so on. Reading through the layers from the outside to the fold gives the order

first, last, second, second to last, third, ...

Relink the nodes into this order.

The classes are predefined: a \`ListNode\` has the fields \`val\` and \`next\`; an empty list is \`None\` (Python) or \`null\` (JavaScript). In the examples lists are written as arrays.

**Parameters**
- \`head\`: first node of the list

**Returns** the first node of the folded list.

**Constraints**
- the list has 0 to 5000 nodes, values between -10000 and 10000
- aim for O(n) time and O(1) extra memory: do not walk to the end for every node

**Example 1**

    fold_ribbon([1, 2, 3, 4, 5])  ->  [1, 5, 2, 4, 3]

**Example 2**

    fold_ribbon([1, 2, 3, 4])  ->  [1, 4, 2, 3]
`,
    starter_code: {
      python: `def fold_ribbon(head: ListNode | None) -> ListNode | None:
    """Return the list in the order first, last, second, second to last, and so on."""
    pass
`,
      javascript: `/**
 * Return the list in the order first, last, second, second to last, and so on.
 * @param {ListNode | null} head
 * @returns {ListNode | null}
 */
function fold_ribbon(head) {
}
`,
    },
    visible_tests: [
      { args: [[1, 2, 3, 4, 5]], expected: [1, 5, 2, 4, 3] },
      { args: [[1, 2, 3, 4]], expected: [1, 4, 2, 3] },
    ],
    hidden_tests: [
      { args: [[]], expected: [] },
      { args: [[6]], expected: [6] },
      { args: [[6, 7]], expected: [6, 7] },
      { args: [[6, 7, 8]], expected: [6, 8, 7] },
      { args: [[2, 2, 2, 2]], expected: [2, 2, 2, 2] },
      { args: [[-1, 0, 1, 0, -1]], expected: [-1, -1, 0, 0, 1] },
      { args: [[1, 2, 3, 4, 5, 6]], expected: [1, 6, 2, 5, 3, 4] },
      { args: [[10, 20, 30, 40, 50, 60, 70]], expected: [10, 70, 20, 60, 30, 50, 40] },
      {
        args: [Array.from({ length: 5000 }, (_, i) => (i < 2500 ? 1 : 2))],
        expected: Array.from({ length: 5000 }, (_, i) => 1 + (i % 2)),
      },
      {
        args: [Array.from({ length: 4999 }, (_, i) => (i < 2500 ? 0 : 5))],
        expected: Array.from({ length: 4999 }, (_, i) => (i % 2) * 5),
      },
    ],
    hints: [
      'The second half is needed back to front, but the links point forwards. What can you do about that half?',
      'Three known steps: find the middle, reverse the second half, weave the two halves together.',
      'Find the last node of the first half with a slow and a fast pointer, cut there, reverse the rest in place. Then repeat: take one node from the first half, one from the reversed half, until the reversed half is used up.',
    ],
    reference_solution: {
      python: `def fold_ribbon(head: ListNode | None) -> ListNode | None:
    if head is None:
        return None
    slow = fast = head
    while fast.next and fast.next.next:
        slow, fast = slow.next, fast.next.next
    rest, slow.next = slow.next, None

    back = None
    while rest:
        rest.next, back, rest = back, rest, rest.next

    front = head
    while back:
        following = front.next
        front.next = back
        back = back.next
        front.next.next = following
        front = following
    return head
`,
      javascript: `function fold_ribbon(head) {
  if (head === null) return null;
  let slow = head;
  let fast = head;
  while (fast.next?.next) {
    slow = slow.next;
    fast = fast.next.next;
  }
  let rest = slow.next;
  slow.next = null;

  let back = null;
  while (rest) {
    const following = rest.next;
    rest.next = back;
    back = rest;
    rest = following;
  }

  let front = head;
  while (back) {
    const frontNext = front.next;
    const backNext = back.next;
    front.next = back;
    back.next = frontNext;
    front = frontNext;
    back = backNext;
  }
  return head;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'lists-flip-even-runs',
    title: 'Even Wagons Run Backwards',
    module: 'linked-lists',
    topic_tags: ['linked-lists', 'reversal', 'runs'],
    difficulty: 3,
    expected_minutes: 30,
    languages: ['python', 'javascript'],
    entry_point: 'flip_even_runs',
    params: ['head'],
    signature: { arg_types: ['ListNode'], return_type: 'ListNode' },
    comparison: 'exact',
    statement: `In a shunting yard, every **maximal run of wagons with even numbers** (neighbours without an odd number between them) is taken out, turned round as a whole and put back at the same place. Odd wagons stay where they are.

Relink the nodes; do not just copy values.

The classes are predefined: a \`ListNode\` has the fields \`val\` and \`next\`; an empty list is \`None\` (Python) or \`null\` (JavaScript). In the examples lists are written as arrays.

**Parameters**
- \`head\`: first node of the list

**Returns** the first node of the new list.

**Constraints**
- the list has 0 to 5000 nodes, values between -10000 and 10000; 0 is even, negative numbers can be even
- aim for O(n) time and O(1) extra memory

**Example 1**

    flip_even_runs([2, 4, 6, 1, 8, 3, 10, 12])  ->  [6, 4, 2, 1, 8, 3, 12, 10]

**Example 2**

    flip_even_runs([7, 5])  ->  [7, 5]
`,
    starter_code: {
      python: `def flip_even_runs(head: ListNode | None) -> ListNode | None:
    """Return the list with every maximal run of even values reversed."""
    pass
`,
      javascript: `/**
 * Return the list with every maximal run of even values reversed.
 * @param {ListNode | null} head
 * @returns {ListNode | null}
 */
function flip_even_runs(head) {
}
`,
    },
    visible_tests: [
      { args: [[2, 4, 6, 1, 8, 3, 10, 12]], expected: [6, 4, 2, 1, 8, 3, 12, 10] },
      { args: [[7, 5]], expected: [7, 5] },
    ],
    hidden_tests: [
      { args: [[]], expected: [] },
      { args: [[2]], expected: [2] },
      { args: [[3]], expected: [3] },
      { args: [[2, 4]], expected: [4, 2] },
      { args: [[1, 2, 4]], expected: [1, 4, 2] },
      { args: [[2, 4, 1]], expected: [4, 2, 1] },
      { args: [[0, -2, -4, -1, -6, -8]], expected: [-4, -2, 0, -1, -8, -6] },
      { args: [[2, 2, 4, 4, 3, 4, 2]], expected: [4, 4, 2, 2, 3, 2, 4] },
      { args: [[1, 2, 3, 4, 5, 6]], expected: [1, 2, 3, 4, 5, 6] },
      {
        args: [Array.from({ length: 5000 }, (_, i) => 2 * i)],
        expected: Array.from({ length: 5000 }, (_, i) => 9998 - 2 * i),
      },
      {
        args: [Array.from({ length: 1500 }, () => [1, 2, 4]).flat()],
        expected: Array.from({ length: 1500 }, () => [1, 4, 2]).flat(),
      },
    ],
    hints: [
      'Reversing a piece changes the link in front of the piece and the link behind it. Which nodes do you have to remember?',
      'Work with an extra node in front. Stand on the node before a run; move the nodes of the run one by one to the place right behind that node.',
      'Let before start at the extra node. If before.next is odd, step on. Otherwise remember run_end = before.next (the first of the run ends up last); while run_end.next is even, unhook that node and insert it directly behind before. Then continue from run_end.',
    ],
    reference_solution: {
      python: `def flip_even_runs(head: ListNode | None) -> ListNode | None:
    dummy = ListNode(0, head)
    before = dummy
    while before.next:
        run_end = before.next
        if run_end.val % 2 == 0:
            while run_end.next and run_end.next.val % 2 == 0:
                moved = run_end.next
                run_end.next = moved.next
                moved.next = before.next
                before.next = moved
        before = run_end
    return dummy.next
`,
      javascript: `function flip_even_runs(head) {
  const isEven = (node) => node.val % 2 === 0;
  const dummy = new ListNode(0, head);
  let before = dummy;
  while (before.next) {
    const runEnd = before.next;
    while (isEven(runEnd) && runEnd.next && isEven(runEnd.next)) {
      const moved = runEnd.next;
      runEnd.next = moved.next;
      moved.next = before.next;
      before.next = moved;
    }
    before = runEnd;
  }
  return dummy.next;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
  {
    problem_id: 'lists-order-by-distance',
    title: 'Closest Houses First',
    module: 'linked-lists',
    topic_tags: ['linked-lists', 'merge-sort', 'stability'],
    difficulty: 4,
    expected_minutes: 40,
    languages: ['python', 'javascript'],
    entry_point: 'order_by_distance',
    params: ['head', 'centre'],
    signature: { arg_types: ['ListNode', null], return_type: 'ListNode' },
    comparison: 'exact',
    statement: `A postman's round is a singly linked list of house numbers. He wants to visit the houses in order of their distance \`|val - centre|\` from his own house, nearest first. Houses at **equal distance stay in the order** in which they were.

Sort the list by relinking its nodes.

The classes are predefined: a \`ListNode\` has the fields \`val\` and \`next\`; an empty list is \`None\` (Python) or \`null\` (JavaScript). In the examples lists are written as arrays.

**Parameters**
- \`head\`: first node of the list
- \`centre\`: integer

**Returns** the first node of the sorted list.

**Constraints**
- the list has 0 to 5000 nodes, values and centre between -100000 and 100000
- aim for O(n log n) time; an array of nodes is allowed, but try to do without one

**Example 1**

    order_by_distance([9, 4, 6, 1, 5], 5)  ->  [5, 4, 6, 9, 1]

4 and 6 both have distance 1, 9 and 1 both have distance 4: they keep their order.

**Example 2**

    order_by_distance([3, 2, 1], 0)  ->  [1, 2, 3]
`,
    starter_code: {
      python: `def order_by_distance(head: ListNode | None, centre: int) -> ListNode | None:
    """Return the list sorted by distance from centre; equal distances keep their order."""
    pass
`,
      javascript: `/**
 * Return the list sorted by distance from centre; equal distances keep their order.
 * @param {ListNode | null} head
 * @param {number} centre
 * @returns {ListNode | null}
 */
function order_by_distance(head, centre) {
}
`,
    },
    visible_tests: [
      { args: [[9, 4, 6, 1, 5], 5], expected: [5, 4, 6, 9, 1] },
      { args: [[3, 2, 1], 0], expected: [1, 2, 3] },
    ],
    hidden_tests: [
      { args: [[], 7], expected: [] },
      { args: [[4], 7], expected: [4] },
      { args: [[8, 6], 7], expected: [8, 6] },
      { args: [[6, 8], 7], expected: [6, 8] },
      { args: [[9, 7], 7], expected: [7, 9] },
      { args: [[2, 2, 2], -5], expected: [2, 2, 2] },
      { args: [[-3, 3, -2, 2, -1, 1, 0], 0], expected: [0, -1, 1, -2, 2, -3, 3] },
      { args: [[100000, -100000, 99999], -100000], expected: [-100000, 99999, 100000] },
      { args: [[5, 1, 4, 2, 3], 100], expected: [5, 4, 3, 2, 1] },
      {
        args: [Array.from({ length: 5000 }, (_, i) => 5000 - i), 0],
        expected: Array.from({ length: 5000 }, (_, i) => i + 1),
      },
      {
        args: [Array.from({ length: 5000 }, (_, i) => (i % 2 === 0 ? 1 : -1)), 0],
        expected: Array.from({ length: 5000 }, (_, i) => (i % 2 === 0 ? 1 : -1)),
      },
    ],
    hints: [
      'Which sorting method needs only sequential access and is stable by nature?',
      'Merge sort: split the list in the middle with a slow and a fast pointer, sort both parts, merge them by comparing distances.',
      'When merging, take from the left part as long as its distance is less than or equal to that of the right part: this keeps equal distances in order. The recursion ends with lists of zero or one node.',
    ],
    reference_solution: {
      python: `def order_by_distance(head: ListNode | None, centre: int) -> ListNode | None:
    if head is None or head.next is None:
        return head
    slow, fast = head, head.next
    while fast and fast.next:
        slow, fast = slow.next, fast.next.next
    middle, slow.next = slow.next, None
    left = order_by_distance(head, centre)
    right = order_by_distance(middle, centre)

    dummy = tail = ListNode()
    while left and right:
        if abs(left.val - centre) <= abs(right.val - centre):
            tail.next, left = left, left.next
        else:
            tail.next, right = right, right.next
        tail = tail.next
    tail.next = left or right
    return dummy.next
`,
      javascript: `function order_by_distance(head, centre) {
  if (!head?.next) return head;
  let slow = head;
  let fast = head.next;
  while (fast?.next) {
    slow = slow.next;
    fast = fast.next.next;
  }
  const middle = slow.next;
  slow.next = null;
  let left = order_by_distance(head, centre);
  let right = order_by_distance(middle, centre);

  const dummy = new ListNode();
  let tail = dummy;
  while (left && right) {
    if (Math.abs(left.val - centre) <= Math.abs(right.val - centre)) {
      tail.next = left;
      left = left.next;
    } else {
      tail.next = right;
      right = right.next;
    }
    tail = tail.next;
  }
  tail.next = left ?? right;
  return dummy.next;
}
`,
    },
    source: 'study-paths',
    licence: 'MIT',
  },
];
