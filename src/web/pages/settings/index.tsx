import './settings.css';
import { useState } from 'preact/hooks';
import type { StudyPath } from '#contract/paths.ts';
import { useNewestPath } from '../../api/newest-path.ts';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ResourceView } from '../../ui/states.tsx';
import { DeviceSettings } from './device.tsx';
import { MyData } from './my-data.tsx';
import { PathForm } from './path-form.tsx';
import { NewPath, PathList } from './paths.tsx';

/** The path's config, the device's, and the learner's data. */
export function SettingsPage() {
  const newest = useNewestPath();
  const [saved, setSaved] = useState<StudyPath | null>(null);
  return (
    <Page title="Settings">
      <div class="stack">
        <ResourceView resource={newest} lines={8}>
          {(loaded) => {
            const path = saved?.id === loaded?.id && saved !== null ? saved : loaded;
            return path === null ? (
              <EmptyState title="No path yet">
                <p>
                  <a href="/">Start your path</a>, and you can shape it here.
                </p>
              </EmptyState>
            ) : (
              <>
                <PathForm key={path.id} path={path} onChanged={setSaved} />
                <section class="card stack" aria-labelledby="paths">
                  <div class="section-head">
                    <h2 id="paths">All paths</h2>
                    <NewPath path={path} onCreated={newest.reload} />
                  </div>
                  <PathList key={path.id} />
                </section>
              </>
            );
          }}
        </ResourceView>
        <DeviceSettings />
        <MyData />
      </div>
    </Page>
  );
}
