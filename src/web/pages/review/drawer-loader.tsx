import { useEffect } from 'preact/hooks';
import { toast } from '../../kit/announce.ts';
import type { DrawerProps } from './drawer.tsx';
import { useCode } from './use-code.ts';

const fetchDrawer = () => import('./drawer.tsx');

/** The drawer, whose code is fetched when the first one is opened. */
export function DrawerLoader(props: DrawerProps) {
  const { task, onClose } = props;
  const code = useCode(fetchDrawer, task !== null);
  const failed = code === 'failed' && task !== null;
  useEffect(() => {
    if (!failed) return;
    toast('The task could not be opened. You may be offline; reload the page to try again.', 'bad');
    onClose();
  }, [failed]);
  return code === null || code === 'failed' ? null : <code.TaskDrawer {...props} />;
}
