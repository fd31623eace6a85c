// Functions that run inside the page of `npm run bench -- timeline`; each stands alone, as only its text gets there.

/** Notes in `firstRowMs` when the frame with the first row is shown, in milliseconds since the navigation began. */
export function noteFirstRow(): void {
  function look() {
    if (document.querySelector('.timeline > .task') === null) requestAnimationFrame(look);
    else requestAnimationFrame(() => Reflect.set(window, 'firstRowMs', performance.now()));
  }
  requestAnimationFrame(look);
}

export function firstRowMs(): number | undefined {
  return Reflect.get(window, 'firstRowMs') as number | undefined;
}

/** When the API's first page of tasks was there, in milliseconds since the navigation began. */
export function firstAnswerMs(): number | undefined {
  const resources = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  return resources.find(({ name }) => name.includes('/v1/study-tasks?'))?.responseEnd;
}

/** Makes the page of so many plain paragraphs, as high together as the way that is scrolled and a window. */
export function becomePlain({ elements, height }: { elements: number; height: number }): void {
  document.title = 'Plain';
  const lines = elements - document.querySelectorAll('*').length;
  for (let n = 0; n < lines; n += 1) {
    const line = document.createElement('p');
    line.textContent = `Line ${n} of a page that does nothing`;
    line.style.cssText = `box-sizing: border-box; height: ${height / lines}px; margin: 0`;
    document.body.append(line);
  }
}

export function goToEnd(): void {
  window.scrollTo(0, document.documentElement.scrollHeight);
}

/**
 * Scrolls from the top, one step a frame: milliseconds of each frame, most elements in the document, and the frames in
 * which no row lay in the middle of the window.
 */
export async function scroll({ frames, step }: { frames: number; step: number }) {
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  window.scrollTo(0, 0);
  for (let n = 0; n < 30; n += 1) await frame();
  const ms: number[] = [];
  let nodes = 0;
  let blank = 0;
  const list = document.querySelector('.timeline');
  let before = await frame();
  for (let n = 0; n < frames; n += 1) {
    window.scrollBy(0, step);
    const now = await frame();
    ms.push(now - before);
    before = now;
    nodes = Math.max(nodes, document.querySelectorAll('*').length);
    const middle = document.elementFromPoint(window.innerWidth / 2, window.innerHeight / 2);
    if (list !== null && middle?.closest('.timeline > li') === null) blank += 1;
  }
  return { ms, nodes, blank };
}
