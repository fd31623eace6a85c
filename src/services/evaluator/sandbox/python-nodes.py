# Linked lists and binary trees: the classes that a submission sees, their conversion from and to lists, how they print.
import collections

# Longest list and largest tree (missing children counted) that a test may pass or a program may return. Freeing more
# than some 220,000 nodes in a row overflows the stack and ends the process, 12,000 where the system allows a small
# stack only; nothing can refuse that for a chain that the program itself makes and drops.
LIST_NODES = 150_000
TREE_NODES = 300_000
# Nodes and characters of a value that a printed list or tree shows.
SHOWN_NODES = 100
SHOWN_VALUE = 200


class BadReturn(Exception):
    pass


# Whether a node is being printed: a node inside a node's value shows no more than its type.
_printing = False


def _shown(value):
    text = repr(value)
    return text if len(text) <= SHOWN_VALUE else text[:SHOWN_VALUE] + '...'


def _print(name, parts):
    global _printing
    if _printing:
        return name + '{...}'
    _printing = True
    try:
        return parts()
    finally:
        _printing = False


class ListNode:
    def __init__(self, val=0, next=None):
        self.val = val
        self.next = next

    def __repr__(self):
        return _print('ListNode', lambda: 'ListNode{' + '->'.join(_chain(self)) + '}')


class TreeNode:
    def __init__(self, val=0, left=None, right=None):
        self.val = val
        self.left = left
        self.right = right

    def __repr__(self):
        return _print('TreeNode', lambda: 'TreeNode{' + ', '.join(_levels(self)) + '}')


ListNode.__module__ = TreeNode.__module__ = '__main__'


def _chain(node):
    texts = []
    seen = set()
    while node is not None:
        if not isinstance(node, ListNode):
            return texts + [_shown(node)]
        if id(node) in seen:
            return texts + ['(cycle to ' + _shown(getattr(node, 'val', None)) + ')']
        if len(texts) == SHOWN_NODES:
            return texts + ['...']
        seen.add(id(node))
        texts.append(_shown(getattr(node, 'val', None)))
        node = getattr(node, 'next', None)
    return texts


def _levels(root):
    texts = []
    seen = set()
    queue = collections.deque([root])
    while queue:
        node = queue.popleft()
        if len(texts) == SHOWN_NODES:
            return texts + ['...']
        if not isinstance(node, TreeNode):
            texts.append(_shown(node))
        elif id(node) in seen:
            texts.append('(again ' + _shown(getattr(node, 'val', None)) + ')')
        else:
            seen.add(id(node))
            texts.append(_shown(getattr(node, 'val', None)))
            queue.extend((getattr(node, 'left', None), getattr(node, 'right', None)))
    while len(texts) > 1 and texts[-1] == 'None':
        texts.pop()
    return texts


def to_list(values):
    values = values or []
    if len(values) > LIST_NODES:
        raise ValueError('linked list too long')
    head = None
    for value in reversed(values):
        head = ListNode(value, head)
    return head


def to_tree(values):
    if not values:
        return None
    if len(values) > TREE_NODES:
        raise ValueError('tree too large')
    rest = iter(values)
    root = TreeNode(next(rest))
    queue = collections.deque([root])
    while queue:
        node = queue.popleft()
        for side in ('left', 'right'):
            value = next(rest, None)
            if value is not None:
                child = TreeNode(value)
                setattr(node, side, child)
                queue.append(child)
    return root


def _unlink(node):
    # Freed one by one, a chain of any length is harmless.
    while type(node) is ListNode:
        node.next, node = None, node.next


def _unlink_tree(queue):
    while queue:
        node = queue.popleft()
        if type(node) is TreeNode:
            queue.extend((node.left, node.right))
            node.left = node.right = None


def _is_node(value, fields):
    # A class of the learner's own may stand in for ours.
    return all(hasattr(value, field) for field in fields)


def _wrong(kind, value, place):
    return BadReturn('expected a ' + kind + ' or None' + place + ', got ' + type(value).__name__[:60])


def from_list(node):
    values = []
    while node is not None:
        if type(node) is not ListNode and not _is_node(node, ('val', 'next')):
            raise _wrong('ListNode', node, ' as next' if values else '')
        if len(values) >= LIST_NODES:
            _unlink(node)
            raise BadReturn('linked list too long or cyclic')
        values.append(node.val)
        node = node.next
    return values


def from_tree(root):
    values = []
    queue = collections.deque([root])
    while queue:
        if len(values) >= TREE_NODES:
            _unlink_tree(queue)
            raise BadReturn('tree too large or cyclic')
        node = queue.popleft()
        if node is None:
            values.append(None)
            continue
        if type(node) is not TreeNode and not _is_node(node, ('val', 'left', 'right')):
            raise _wrong('TreeNode', node, ' as a child' if values else '')
        values.append(node.val)
        queue.append(node.left)
        queue.append(node.right)
    while values and values[-1] is None:
        values.pop()
    return values
