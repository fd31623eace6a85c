import {
  defaultRangeExtractor,
  measureElement,
  observeWindowOffset,
  observeWindowRect,
  type Range,
  Virtualizer,
  windowScroll,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Entry } from './entries.ts';

/** Rows made above and below those that can be seen. */
const OVERSCAN = 5;
/** Pixels at the window's edges that the header, and on a phone the pages' bar, lie over. */
const EDGE = { top: 72, bottom: 80 };
/** Pixels of a heading and of a row before any is measured, on wide and on narrow windows. */
const HEIGHTS = { day: 43, wide: 52, narrow: 115 };

/** Where the list begins, in pixels from the top of the page; what stands above it can change its height. */
function useTop(list: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      const box = list.current?.getBoundingClientRect();
      if (box !== undefined) setTop(Math.round(box.top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [list]);
  return top;
}

/**
 * The rows that the window shows, of a list that scrolls with the page. The row `kept` is made wherever it is, so that
 * it can hold the focus.
 */
export function useVirtualRows(
  list: RefObject<HTMLElement | null>,
  entries: readonly Entry[],
  kept: number | null,
) {
  const [, setTurn] = useState(0);
  const scrollMargin = useTop(list);
  const rangeExtractor = useCallback(
    (range: Range) => {
      const rows = defaultRangeExtractor(range);
      if (kept === null || kept >= range.count || rows.includes(kept)) return rows;
      return [...rows, kept].toSorted((a, b) => a - b);
    },
    [kept],
  );
  // Each row that differs from its estimate places all below it anew: the first of a kind is the estimate of the rest.
  const first = useRef<{ day?: number; task?: number }>({});
  useEffect(() => {
    const forget = () => {
      first.current = {};
    };
    window.addEventListener('resize', forget);
    return () => window.removeEventListener('resize', forget);
  }, []);
  const estimateSize = useCallback(
    (index: number) => {
      const { day, task } = first.current;
      if (entries[index]?.task === null) return day ?? HEIGHTS.day;
      return task ?? (window.innerWidth >= 960 ? HEIGHTS.wide : HEIGHTS.narrow);
    },
    [entries],
  );
  const measure = useCallback<typeof measureElement<HTMLLIElement>>((element, entry, rows) => {
    const size = measureElement(element, entry, rows);
    first.current[element.className === 'day' ? 'day' : 'task'] ??= size;
    return size;
  }, []);
  const options = {
    count: entries.length,
    getScrollElement: () => window,
    estimateSize,
    getItemKey: useCallback((index: number) => entries[index]?.key ?? index, [entries]),
    rangeExtractor,
    scrollMargin,
    overscan: OVERSCAN,
    scrollPaddingStart: EDGE.top,
    scrollPaddingEnd: EDGE.bottom,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    scrollToFn: windowScroll,
    measureElement: measure,
    onChange: () => setTurn((turn) => turn + 1),
  };
  const [rows] = useState(() => new Virtualizer<Window, HTMLLIElement>(options));
  rows.setOptions(options);
  useEffect(() => rows._didMount(), [rows]);
  useLayoutEffect(() => rows._willUpdate());
  return rows;
}
