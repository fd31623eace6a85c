import { createClient, isStudyPathsError, type RequestHint } from 'study-paths/client';
import { tokenOf } from '../../../../../sessions.ts';

type Params = { params: Promise<{ id: string }> };

/**
 * A route handler of Next.js, `app/api/tasks/[id]/hint/route.ts`: streams the tutor's hint to the browser, whose session
 * stands for a token that stays on the server. A browser that leaves stops the tutor.
 */
export async function POST(request: Request, { params }: Params): Promise<Response> {
  const token = tokenOf(request);
  if (token === null) return Response.json({ code: 'no-session' }, { status: 401 });
  const client = createClient({ baseUrl: process.env.STUDY_PATHS_URL ?? '', token });
  const { id } = await params;
  try {
    const wish = (await request.json()) as RequestHint;
    const { response } = await client.requestHint(id, wish, { signal: request.signal });
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
    return new Response(response.body, { headers });
  } catch (error) {
    if (!isStudyPathsError(error)) throw error;
    return Response.json({ code: error.code }, { status: error.status === 0 ? 502 : error.status });
  }
}
