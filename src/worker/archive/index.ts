export { archiveOldEvents } from './archive-events.ts';
export { type ArchiveBucket, type R2Like, r2Archive } from './bucket.ts';
export { dropArchives } from './drop.ts';
export { byObject, type ReadEvent, readArchived, readObject, wholeLog } from './read.ts';
export { type Segment, segmentJson, segmentsOf } from './store-read.ts';
