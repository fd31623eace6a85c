import { useState } from 'preact/hooks';
import { isStudyPathsError } from '#client/errors.ts';
import { exportTasks } from '#client/export-calls.ts';
import type { ExportTasksQuery } from '#client/types.ts';
import { send } from '../../api/client.ts';
import { toast } from '../../kit/announce.ts';
import { saveAs } from '../../kit/download.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { download } from '../../ui/icons.ts';
import { Dropdown } from './choice.tsx';

type Format = 'csv' | 'json';

/** Name that the server gives the file. */
function nameOf(response: Response, format: Format): string {
  const [, name] = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  return name ?? `study-tasks.${format}`;
}

/** The tasks of the list, all of them and not only those fetched so far, as a file. */
export function ExportMenu({ query }: { query: Omit<ExportTasksQuery, 'format'> }) {
  const [busy, setBusy] = useState<Format | null>(null);
  const [attempts, setAttempts] = useState(false);
  const [code, setCode] = useState(false);
  const [spreadsheet, setSpreadsheet] = useState(false);

  async function save(format: Format) {
    setBusy(format);
    const wish = {
      ...query,
      format,
      ...(attempts ? { attempts } : {}),
      ...(attempts && code ? { include: 'code' as const } : {}),
      ...(format === 'csv' && spreadsheet ? { bom: true, dates: 'local' as const } : {}),
    };
    try {
      const response = await send(exportTasks(wish));
      saveAs(await response.blob(), nameOf(response, format));
      toast('Your file is ready.', 'good');
    } catch (error) {
      // A stream that breaks off half way is no answer of the API: half a file is not saved.
      toast(isStudyPathsError(error) ? error.message : 'The file broke off on its way. Try again.', 'bad');
    } finally {
      setBusy(null);
    }
  }

  return (
    <Dropdown
      label={
        <>
          <Icon of={download} size={18} /> Export
        </>
      }
    >
      <div class="stack-tight">
        <p class="small muted">All tasks that match the filters.</p>
        <label>
          <input
            type="checkbox"
            checked={attempts}
            onChange={(event) => setAttempts(event.currentTarget.checked)}
          />
          <span>Every attempt</span>
        </label>
        <label>
          <input
            type="checkbox"
            checked={attempts && code}
            disabled={!attempts}
            onChange={(event) => setCode(event.currentTarget.checked)}
          />
          <span>With my code</span>
        </label>
        <label>
          <input
            type="checkbox"
            checked={spreadsheet}
            onChange={(event) => setSpreadsheet(event.currentTarget.checked)}
          />
          <span>CSV for a spreadsheet (my local times)</span>
        </label>
        <div class="actions">
          <Button busy={busy === 'csv'} onClick={() => save('csv')}>
            CSV
          </Button>
          <Button busy={busy === 'json'} onClick={() => save('json')}>
            JSON
          </Button>
        </div>
      </div>
    </Dropdown>
  );
}
