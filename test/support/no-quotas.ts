/** The operator's quotas of a day, all off: for who sends more than a day allows. */
export const NO_QUOTAS = {
  SUBMISSIONS_PER_DAY: '0',
  SUBMISSIONS_PER_TASK_AND_DAY: '0',
  RUNS_PER_DAY: '0',
  HINTS_PER_DAY: '0',
  TASKS_PER_DAY: '0',
} as const;
