import { get, json, segment } from './call.ts';
import type * as t from './types.ts';

const of = (id: string, what: string) => `/v1/study-tasks/${segment(id)}/${what}`;

export const listDueReviews = (query?: t.ListDueReviewsQuery) =>
  get<t.DueReviewPage>('/v1/study-tasks/review-due', query);

export const gradeTask = (id: string, grade: t.ReviewGrade) =>
  json<t.GradedTask>('POST', of(id, 'grade'), { grade });

export const undoGrade = (id: string) => json<t.GradedTask>('DELETE', of(id, 'grade'));

export const undoReview = (id: string) => json<t.GradedTask>('DELETE', of(id, 'review'));
