// Made from the API document by `npm run build:client-types`; not to be edited.

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Share of `n` judged tasks; null where there are too few to say. */
export type Accuracy = {
  n: number;
  rate: number | null;
};

/** Who caused an event: the learner, the Curriculum Orchestrator in the learner's name (scope `co`), or a cron job. */
export type Actor = {
  type: "learner";
} | {
  type: "co";
} | {
  type: "system";
  job: string;
};

/** Body of `PATCH /v1/study-paths/{id}`: at least one key of the config. */
export type ChangePath = {
  config: PathConfigChange;
};

/** How an answer is compared with the expected value. `exact`: numbers equal by value (2 == 2.0), booleans are not numbers. `approx-1e-6`: relative or absolute error 1e-6 on numbers that are not both integers. `unordered`: multiset at the top level; `unordered_deep`: at every level; `set`: duplicates ignored; `any_of`: `expected` is a list of valid answers. */
export type Comparison = "exact" | "approx-1e-6" | "unordered" | "unordered_deep" | "set" | "any_of";

/** What `DELETE /v1/me` needs to hear again as `confirm`: a token for this learner alone, good for ten minutes, with what would be removed as of now. Confirming twice changes nothing more and answers 204 again. */
export type Confirmation = {
  token: string;
  expires_at: string;
  removes: ErasureCounts;
};

/** Answer 428 of `DELETE /v1/me` without `confirm`: problem details with the extension member `confirmation`. After the confirmed call (204) nothing of the learner is left, and the same bearer token may begin anew. */
export type ConfirmationRequired = {
  type: string;
  title: string;
  status: number;
  detail?: string | undefined;
  code: "confirmation-required";
  request_id: string;
  errors?: Array<{
    path: string;
    message: string;
  }> | undefined;
  confirmation: Confirmation;
};

/** Body of `POST /v1/study-paths`. */
export type CreatePath = {
  track_id?: string | undefined;
  config?: PathConfigInput | undefined;
};

/** Body of `POST /v1/study-tasks/batch`: all or nothing. */
export type CreateTasks = {
  path_id: string;
  tasks: NewTask[];
};

/** Answer of `GET /v1/study-paths/current`: `progress` is the path's, `practice` the learner's over all paths. */
export type CurrentPath = {
  path: StudyPath;
  progress: PathStats;
  practice: PracticeFigures;
};

/** What the last result did to a module's difficulty. `start`: no result yet. `at-top` / `at-bottom`: the rule fired where there is nothing harder / easier. */
export type DifficultyReason = "start" | "stepped-up" | "stepped-down" | "held" | "at-top" | "at-bottom";

/** A problem to come back to. */
export type DueReview = {
  problem_id: string;
  module: Module;
  topic_tags: string[];
  difficulty: number;
  /** The learner's day on which it falls due, and when that day begins. */
  due_on: string;
  due_at: string;
  /** The learner's days since that one; 0 on that day and before it. */
  overdue_days: number;
  state: Memory;
  /** The review that stands ready for it: scheduled or in progress. Null until the cron makes one. */
  task: Task | null;
  /** When its review is scheduled, or will be with so many a day; null where reviews are turned off. */
  planned_at: string | null;
  /** Null while the problem bank is out of reach, or when it no longer has the problem. */
  problem: ProblemSummary | null;
};

/** Answer of the list, what fell due first coming first; `next_cursor` is null on the last page. */
export type DueReviewPage = {
  data: DueReview[];
  next_cursor: string | null;
};

/** Query, and optional body, of `DELETE /v1/me`; the body wins, as an address may end in a log. */
export type EraseMe = {
  confirm?: string | undefined;
};

export type EraseMeBody = EraseMe;

/** Rows that an erasure removes, by table. */
export type ErasureCounts = {
  study_paths: number;
  study_tasks: number;
  task_events: number;
  task_transcripts: number;
  /** Events of the log that are no longer rows but in the archive. */
  archived_events: number;
  path_events: number;
  /** Of a learner; erasing one path leaves them. */
  learner_events: number;
  task_evaluations: number;
  idempotency_keys: number;
  module_states: number;
  review_queue: number;
  review_log: number;
  /** Of a learner; erasing one path leaves it. */
  mastery: number;
};

/** Body of `POST .../evaluate`: judges that submission again, or re-drives the newest unfinished one. */
export type Evaluate = {
  submission_id?: string | undefined;
};

/** One judging of one submission. Nothing but `hidden` and the counts depends on the hidden tests. */
export type Evaluation = {
  id: string;
  submission_id: string;
  /** Attempt at the task, from 1. */
  attempt: number;
  /** Judging of this submission, from 1; a re-evaluation is the next run. */
  run: number;
  language: Language;
  status: EvaluationStatus;
  verdict: Verdict | null;
  test_cases_passed: number | null;
  test_cases_total: number | null;
  score: number | null;
  /** CPU milliseconds of the visible tests together. */
  runtime_ms: number | null;
  /** MiB: the most that a visible test took. */
  memory_mb: number | null;
  error_message: string | null;
  /** The visible tests. */
  tests: VisibleTestResult[] | null;
  hidden: HiddenTests | null;
  content_hash: string | null;
  created_at: string;
  /** The learner's day on which the code was sent; null where days were not stored yet. */
  day: string | null;
  evaluated_at: string | null;
};

/** State of the judging process, apart from its verdict. */
export type EvaluationStatus = "pending" | "evaluated" | "failed";

/** A judging with the learner's own code, for its owner alone. */
export type EvaluationWithCode = {
  id: string;
  submission_id: string;
  /** Attempt at the task, from 1. */
  attempt: number;
  /** Judging of this submission, from 1; a re-evaluation is the next run. */
  run: number;
  language: Language;
  status: EvaluationStatus;
  verdict: Verdict | null;
  test_cases_passed: number | null;
  test_cases_total: number | null;
  score: number | null;
  /** CPU milliseconds of the visible tests together. */
  runtime_ms: number | null;
  /** MiB: the most that a visible test took. */
  memory_mb: number | null;
  error_message: string | null;
  /** The visible tests. */
  tests: VisibleTestResult[] | null;
  hidden: HiddenTests | null;
  content_hash: string | null;
  created_at: string;
  /** The learner's day on which the code was sent; null where days were not stored yet. */
  day: string | null;
  evaluated_at: string | null;
  code: string;
};

export type EventPage = {
  data: TaskEvent[];
  next_cursor: string | null;
};

/** One submission in an export: its newest result, or its newest judging while there is none. `created_at` is when it was sent, however late it was judged again. `code` is there with `include=code`; null when the stored text no longer opens. */
export type ExportedSubmission = {
  id: string;
  submission_id: string;
  attempt: number;
  run: number;
  language: Language;
  status: EvaluationStatus;
  verdict: Verdict | null;
  test_cases_passed: number | null;
  test_cases_total: number | null;
  score: number | null;
  runtime_ms: number | null;
  memory_mb: number | null;
  hidden: HiddenTests | null;
  content_hash: string | null;
  created_at: string;
  day: string | null;
  evaluated_at: string | null;
  engine: string | null;
  /** Active seconds as the client measured them. */
  time_spent_seconds: number | null;
  code?: string | null | undefined;
};

/** A task in an export; `submissions` stands there with `attempts=true`, first attempt first. */
export type ExportedTask = {
  id: string;
  path_id: string;
  kind: TaskKind;
  problem_id: string;
  module: Module;
  topic_tags: string[];
  difficulty: number;
  status: TaskStatus;
  scheduled_at: string;
  started_at: string | null;
  completed_at: string | null;
  /** The learner's day of its completion; null before it, and where days were not stored yet. */
  completed_day: string | null;
  expires_at: string;
  /** Best score of all attempts: passed over total of visible and hidden tests, 0 to 1; null until judged. */
  score: number | null;
  time_spent_seconds: number | null;
  hints_used: number;
  attempts: number;
  pending_evaluations: number;
  /** Sequence number of the task's newest event; `If-Match: "<version>"` guards a PATCH. */
  version: number;
  metadata: Record<string, Json>;
  created_at: string;
  submissions?: ExportedSubmission[] | undefined;
};

/** Verdicts that one test can fail with. */
export type FailedVerdict = "WA" | "TLE" | "MLE" | "OLE" | "RE";

/** A hint as its learner reads it again. The last three are null while the stream runs or was not recorded. */
export type GivenHint = {
  hint_id: string;
  /** Its `hint_requested` in the task's events. */
  seq: number;
  level: number;
  /** When the tutor began to answer. */
  at: string;
  outcome: StreamOutcome | null;
  question: string | null;
  /** What the tutor said, put together from its stream. */
  text: string | null;
};

/** `evidence`: derived from tests, hints and time; `learner`: their own word instead. */
export type GradeSource = "evidence" | "learner";

/** Body of `POST /v1/study-tasks/{id}/grade`: the learner's own word instead of what the evidence said. */
export type GradeTask = {
  grade: ReviewGrade;
};

/** Answer of a grade and of undoing it or its review. `grade` and `source` are null for a review that is undone; `due_on`, `due_at` and `state` are null when that had been the problem's first, so that nothing is remembered of it. */
export type GradedTask = {
  task: Task;
  grade: ReviewGrade | null;
  source: GradeSource | null;
  due_on: string | null;
  due_at: string | null;
  state: Memory | null;
};

/** Answer of `GET /healthz`: the Worker runs, whatever the services do that it needs. */
export type Health = {
  status: "ok";
};

/** All that is said of hidden tests: how many passed, and which one failed first. `first_failed` is null when none that ran failed; `passed` is then `total`, or no hidden test ran at all. */
export type HiddenTests = {
  total: number;
  passed: number;
  first_failed: {
    number: number;
    verdict: FailedVerdict;
  } | null;
};

/** What a hint's event stream carries: `delta` any number of times, then `done`, or `error` when the tutor fails half way. */
export type HintEvent = {
  event: "delta";
  data: {
    text: string;
  };
} | {
  event: "done";
  data: {
    level: number;
    outcome: string;
  };
} | {
  event: "error";
  data: {
    code: string;
    message: string;
  };
};

/** Answer of `GET /v1/study-tasks/{id}/hints`, in the order in which they were given. */
export type HintList = {
  data: GivenHint[];
  next_cursor: string | null;
};

/** Answer of a submission and of judging it again: the judging, and the task as it is after it. */
export type Judged = {
  evaluation: Evaluation;
  task: Task;
};

export type Language = "python" | "javascript";

/** The JSON of `GET /v1/me/export`, version 1: everything that is kept about one learner. Rows and events are the same history twice: a replay of the events by `position` gives the rows. */
export type LearnerExport = {
  schema: "study-paths/learner";
  version: 1;
  as_of: string;
  learner_id: string;
  paths: StudyPath[];
  tasks: Array<{
    id: string;
    path_id: string;
    kind: TaskKind;
    problem_id: string;
    module: Module;
    topic_tags: string[];
    difficulty: number;
    status: TaskStatus;
    scheduled_at: string;
    started_at: string | null;
    completed_at: string | null;
    /** The learner's day of its completion; null before it, and where days were not stored yet. */
    completed_day: string | null;
    expires_at: string;
    /** Best score of all attempts: passed over total of visible and hidden tests, 0 to 1; null until judged. */
    score: number | null;
    time_spent_seconds: number | null;
    hints_used: number;
    attempts: number;
    pending_evaluations: number;
    /** Sequence number of the task's newest event; `If-Match: "<version>"` guards a PATCH. */
    version: number;
    metadata: Record<string, Json>;
    created_at: string;
  }>;
  evaluations: StoredJudging[];
  events: StoredEvent[];
  /** Absent in older exports, like `learner_events`. */
  path_events: StoredPathEvent[];
  learner_events: StoredLearnerEvent[];
  mastery: Array<{
    topic: string;
    n: number;
    rating: number;
    reason: MasteryReason;
    rule_version: number;
    version: number;
    updated_at: string;
  }>;
  module_states: Array<{
    path_id: string;
    module: Module;
    difficulty: number;
    successes: number;
    reason: DifficultyReason;
    rule_version: number;
    version: number;
    updated_at: string;
  }>;
  review_queue: Array<{
    problem_id: string;
    path_id: string;
    module: Module;
    topic_tags: string[];
    difficulty: number;
    state: ReviewState;
    task_id: string | null;
    rule_version: number;
    version: number;
    updated_at: string;
  }>;
  review_log: Array<{
    id: string;
    problem_id: string;
    task_id: string;
    seq: number;
    log: ReviewLog;
    undone_at: string | null;
    created_at: string;
  }>;
  idempotency_keys: Array<{
    key: string;
    created_at: string;
  }>;
  counts: {
    paths: number;
    tasks: number;
    evaluations: number;
    events: number;
    path_events: number;
    learner_events: number;
    mastery: number;
    module_states: number;
    review_queue: number;
    review_log: number;
    idempotency_keys: number;
  };
};

/** A task as lists show it. */
export type ListedTask = {
  id: string;
  path_id: string;
  kind: TaskKind;
  problem_id: string;
  module: Module;
  topic_tags: string[];
  difficulty: number;
  status: TaskStatus;
  scheduled_at: string;
  started_at: string | null;
  completed_at: string | null;
  /** The learner's day of its completion; null before it, and where days were not stored yet. */
  completed_day: string | null;
  expires_at: string;
  /** Best score of all attempts: passed over total of visible and hidden tests, 0 to 1; null until judged. */
  score: number | null;
  time_spent_seconds: number | null;
  hints_used: number;
  attempts: number;
  pending_evaluations: number;
  /** Sequence number of the task's newest event; `If-Match: "<version>"` guards a PATCH. */
  version: number;
  metadata: Record<string, Json>;
  created_at: string;
  /** Of the problem, as the bank has it now; null for one that it does not know, and while it is out of reach. */
  title: string | null;
};

/** What a learner's mastery of a topic is called; `unknown` below three first attempts. */
export type MasteryLevel = "unknown" | "novice" | "developing" | "proficient" | "strong";

/** Why a mastery rating is what it is. `first-evidence`: there was none before. `solved-*` / `missed-*`: all tests passed / score below 0.5, against a problem that was harder, easier or about as hard as expected. `partly-*`: between the two. `review-failed`: something solved before was no longer known. */
export type MasteryReason = "first-evidence" | "solved-harder" | "solved-expected" | "partly-above" | "partly-below" | "missed-expected" | "missed-easier" | "review-failed";

/** Memory of a problem as FSRS sees it: stability in days, difficulty 1 to 10, chance of recall now (0 to 1). */
export type Memory = {
  stability: number;
  difficulty: number;
  reps: number;
  lapses: number;
  retrievability: number;
};

/** The 14 modules of the Meta interview preparation track, in teaching order. */
export type Module = "introduction" | "arrays-strings" | "hashing" | "linked-lists" | "stacks-queues" | "trees-graphs" | "sorting-searching" | "heaps" | "greedy" | "dynamic-programming" | "recursion-backtracking" | "bit-manipulation" | "math-geometry" | "design";

export type ModuleProgress = {
  tasks: number;
  by_status: {
    scheduled: number;
    in_progress: number;
    completed: number;
    skipped: number;
    expired: number;
  };
  solved: number;
  attempted: number;
  /** First attempts that passed every test. A problem has one over all of the learner's paths, its first result: retries and reviews have none. Of a problem that was met here before an import the result that is here stays the first one, and what the import brings is a repeat, even if it happened earlier. */
  first_try: Accuracy;
  /** Judged tasks of which some submission passed every test. */
  eventual: Accuracy;
  /** Mean of the best scores of the judged tasks, null without any. */
  mean_score: number | null;
  hints_used: number;
  time_spent_seconds: number;
  module: Module;
  /** Different problems of the module that passed every test, and those with a result that never did. */
  problems_solved: number;
  problems_attempted: number;
  /** Problems that the bank holds in the module; null while the bank is out of reach. */
  module_size: number | null;
  /** `problems_solved` over `module_size`, at most 1; null without a size. */
  completion_rate: number | null;
  mastery: TopicMastery;
};

/** One task of a batch. Module, tags and difficulty are those of the problem in the bank: what is stated here counts with scope `co`, and for a lesson outside the bank. */
export type NewTask = {
  problem_id: string;
  kind?: TaskKind | undefined;
  module?: Module | undefined;
  topic_tags?: string[] | undefined;
  difficulty?: number | undefined;
  scheduled_at: string;
  /** Why the task was chosen, in words a learner understands. */
  reason?: string | undefined;
  /** The task that this one tries again. */
  retry_of?: string | undefined;
};

/** Answer of `GET /v1/study-tasks/next`; `problem` is null while the problem bank is out of reach. */
export type NextTask = {
  task: Task;
  problem: Problem | null;
};

/** Body of `PATCH /v1/study-tasks/{id}`; metadata keys are merged one level deep. */
export type PatchTask = {
  status?: "in_progress" | "skipped" | "completed" | undefined;
  reason?: string | undefined;
  metadata?: Record<string, Json> | undefined;
  /** Active seconds as the client measured them; counts when smaller than the time since the start. */
  time_spent_seconds?: number | undefined;
};

/** Answer of `PATCH /v1/study-paths/{id}`. */
export type PathChanged = {
  path: StudyPath;
};

/** How a path behaves; every key has a default, unknown keys are refused. */
export type PathConfig = {
  /** Tasks that a new path begins with. */
  initial_tasks: number;
  /** Tasks scheduled for one day. */
  tasks_per_day: number;
  /** Hours after `scheduled_at` until an unfinished task expires (1 hour to 1 year). */
  expiry_hours: number;
  /** Whether the first judged submission completes a problem, or only one that passes every test. */
  completion: "first_attempt" | "until_passed";
  /** Most minutes that one task may count as time spent. */
  idle_cap_minutes: number;
  /** IANA name, or a fixed offset such as `+05:30`. The learner's days are those of the newest path's zone; a change counts from now on, days that were practised stay what they were. */
  time_zone: string;
  /** Hour of the local clock at which a day begins: practice before it belongs to the day before. */
  day_start_hour: number;
  /** Problems that stand ready (scheduled or in progress); the path is topped up to as many. */
  horizon: number;
  /** Modules to practise, in this order; null for all of them in teaching order. */
  modules: Module[] | null;
  /** Modules that are open whatever came before them. */
  unlocked_modules: Module[];
  /** Share of a module among the open ones, 0 to 10; modules that are not named weigh 1, those of weight 0 are left out. */
  module_weights: Partial<Record<Module, number>>;
  /** Problems to solve in a module; fewer where the bank holds fewer. Null for the module's part of 300 by its size in the bank and its weight, at least 8. The next module opens when 70 % are solved. */
  module_target: number | null;
  /** Most reviews of one day; the rest of a backlog waits for the days after. 0 turns reviews off. */
  reviews_per_day: number;
  /** Share of reviews that should succeed: higher means more reviews. */
  desired_retention: number;
  /** Hints of one task; null for as many as its learner asks for. */
  hints_per_task: number | null;
};

/** Keys of `PathConfig` with new values; the others stay as they are. */
export type PathConfigChange = {
  /** Tasks that a new path begins with. */
  initial_tasks?: number | undefined;
  /** Tasks scheduled for one day. */
  tasks_per_day?: number | undefined;
  /** Hours after `scheduled_at` until an unfinished task expires (1 hour to 1 year). */
  expiry_hours?: number | undefined;
  /** Whether the first judged submission completes a problem, or only one that passes every test. */
  completion?: "first_attempt" | "until_passed" | undefined;
  /** Most minutes that one task may count as time spent. */
  idle_cap_minutes?: number | undefined;
  /** IANA name, or a fixed offset such as `+05:30`. The learner's days are those of the newest path's zone; a change counts from now on, days that were practised stay what they were. */
  time_zone?: string | undefined;
  /** Hour of the local clock at which a day begins: practice before it belongs to the day before. */
  day_start_hour?: number | undefined;
  /** Problems that stand ready (scheduled or in progress); the path is topped up to as many. */
  horizon?: number | undefined;
  /** Modules to practise, in this order; null for all of them in teaching order. */
  modules?: Module[] | null | undefined;
  /** Modules that are open whatever came before them. */
  unlocked_modules?: Module[] | undefined;
  /** Share of a module among the open ones, 0 to 10; modules that are not named weigh 1, those of weight 0 are left out. */
  module_weights?: Partial<Record<Module, number>> | undefined;
  /** Problems to solve in a module; fewer where the bank holds fewer. Null for the module's part of 300 by its size in the bank and its weight, at least 8. The next module opens when 70 % are solved. */
  module_target?: number | null | undefined;
  /** Most reviews of one day; the rest of a backlog waits for the days after. 0 turns reviews off. */
  reviews_per_day?: number | undefined;
  /** Share of reviews that should succeed: higher means more reviews. */
  desired_retention?: number | undefined;
  /** Hints of one task; null for as many as its learner asks for. */
  hints_per_task?: number | null | undefined;
};

/** How a path behaves; every key has a default, unknown keys are refused. */
export type PathConfigInput = {
  /** Tasks that a new path begins with. */
  initial_tasks?: number | undefined;
  /** Tasks scheduled for one day. */
  tasks_per_day?: number | undefined;
  /** Hours after `scheduled_at` until an unfinished task expires (1 hour to 1 year). */
  expiry_hours?: number | undefined;
  /** Whether the first judged submission completes a problem, or only one that passes every test. */
  completion?: "first_attempt" | "until_passed" | undefined;
  /** Most minutes that one task may count as time spent. */
  idle_cap_minutes?: number | undefined;
  /** IANA name, or a fixed offset such as `+05:30`. The learner's days are those of the newest path's zone; a change counts from now on, days that were practised stay what they were. */
  time_zone?: string | undefined;
  /** Hour of the local clock at which a day begins: practice before it belongs to the day before. */
  day_start_hour?: number | undefined;
  /** Problems that stand ready (scheduled or in progress); the path is topped up to as many. */
  horizon?: number | undefined;
  /** Modules to practise, in this order; null for all of them in teaching order. */
  modules?: Module[] | null | undefined;
  /** Modules that are open whatever came before them. */
  unlocked_modules?: Module[] | undefined;
  /** Share of a module among the open ones, 0 to 10; modules that are not named weigh 1, those of weight 0 are left out. */
  module_weights?: Partial<Record<Module, number>> | undefined;
  /** Problems to solve in a module; fewer where the bank holds fewer. Null for the module's part of 300 by its size in the bank and its weight, at least 8. The next module opens when 70 % are solved. */
  module_target?: number | null | undefined;
  /** Most reviews of one day; the rest of a backlog waits for the days after. 0 turns reviews off. */
  reviews_per_day?: number | undefined;
  /** Share of reviews that should succeed: higher means more reviews. */
  desired_retention?: number | undefined;
  /** Hints of one task; null for as many as its learner asks for. */
  hints_per_task?: number | null | undefined;
};

/** Answer of `POST /v1/study-paths`. */
export type PathCreated = {
  path: StudyPath;
  /** Null in a path without tasks, for a learner who has solved all that its modules hold. */
  first_task: Task | null;
  tasks: Task[];
};

export type PathPage = {
  data: StudyPath[];
  next_cursor: string | null;
};

/** Figures of one path; `accuracy` and `mean_score` are null until a problem is judged. */
export type PathStats = {
  tasks: number;
  by_status: {
    scheduled: number;
    in_progress: number;
    completed: number;
    skipped: number;
    expired: number;
  };
  /** Tasks that passed every test (score 1), and those with a result that did not: apart from each other. */
  solved: number;
  attempted: number;
  /** Problems and reviews with score 1.0, over all that have a score. */
  accuracy: number | null;
  mean_score: number | null;
  hints_used: number;
  time_spent_seconds: number;
};

/** The learner's practice over all paths, day by day. */
export type Practice = {
  days: number;
  /** Days in a row up to today; a day that has not seen practice yet does not end it until it is over, and neither does one of which the learner had less than twelve hours, as on a flight over the date line. */
  current_streak: number;
  longest_streak: number;
  last_day: string | null;
  today: string;
  /** Days with practice from 370 days before today on, oldest first, with the quarters of an hour that saw any. After a flight westwards the last one may be a day ahead of today. */
  activity: Array<{
    date: string;
    quarters: number;
  }>;
};

/** Days on which the learner sent a submission or completed a lesson, over all paths. */
export type PracticeFigures = {
  days: number;
  /** Days in a row up to today; a day that has not seen practice yet does not end it until it is over, and neither does one of which the learner had less than twelve hours, as on a flight over the date line. */
  current_streak: number;
  longest_streak: number;
  last_day: string | null;
  today: string;
};

/** What a learner may know of a problem: everything but hidden tests, hints and references. */
export type Problem = {
  problem_id: string;
  title: string;
  statement: string;
  module: Module;
  topic_tags: string[];
  difficulty: number;
  entry_point: string;
  params: string[];
  languages: Language[];
  starter_code: Partial<Record<Language, string>>;
  visible_tests: ProblemTest[];
  comparison: Comparison;
  signature: Signature | null;
  /** Minutes an average learner needs; null when nobody has estimated it. */
  expected_minutes: number | null;
  source: string;
  source_ref: string | null;
  licence: string;
  attribution: string | null;
  hidden_test_count: number;
  hint_count: number;
  /** SHA-256 (hex) over the whole record: pins an evaluation to the problem as it was. */
  content_hash: string;
};

/** Every code an error answer can carry. */
export type ProblemCode = "malformed-json" | "malformed-url" | "validation" | "invalid-query" | "invalid-cursor" | "payload-too-large" | "unsupported-media-type" | "unsupported-encoding" | "missing-token" | "invalid-token" | "auth-unavailable" | "foreign-request" | "not-found" | "method-not-allowed" | "no-active-path" | "unknown-problem" | "invalid-transition" | "confirmation-required" | "invalid-confirmation" | "precondition-failed" | "invalid-idempotency-key" | "idempotency-key-reused" | "request-in-progress" | "rate-limited" | "too-many-evaluations" | "hint-quota" | "quota" | "unsupported-language" | "nothing-to-evaluate" | "not-graded" | "reviewed-since" | "problem-bank-unavailable" | "evaluator-unavailable" | "tutor-unavailable" | "storage-unavailable" | "archive-unavailable" | "integrity-error" | "not-configured" | "internal";

/** RFC 9457 problem details, as every error of this API answers (`application/problem+json`). */
export type ProblemDetails = {
  type: string;
  title: string;
  status: number;
  detail?: string | undefined;
  code: ProblemCode;
  request_id: string;
  errors?: Array<{
    path: string;
    message: string;
  }> | undefined;
};

/** A row of the catalogue: what choosing a problem needs. */
export type ProblemSummary = {
  problem_id: string;
  title: string;
  module: Module;
  topic_tags: string[];
  difficulty: number;
  languages: Language[];
  /** Minutes an average learner needs; null when nobody has estimated it. */
  expected_minutes: number | null;
  /** SHA-256 (hex) over the whole record: pins an evaluation to the problem as it was. */
  content_hash: string;
  /** Problems of one group ask for the same function in other words: whoever met one has met all. */
  equivalence_group?: string | null | undefined;
};

/** One test of a function-style problem: positional arguments and the value that the call must give. */
export type ProblemTest = {
  /** A whole number written as a float (3.0, 1e3) travels as `{"$t": "float", "v": "3.0"}` in records and bundles, at any depth, and the judge hands the program a float; learners are shown the plain number. The key `$t` has no other use here. `expected` needs no tag: numbers are compared by value. */
  args: Json[];
  expected: Json;
  origin?: "source" | "derived" | "generated" | undefined;
};

/** What went wrong while the learner's code ran; texts are untrusted and only given for visible tests. */
export type ProgramError = {
  type: string;
  message: string | null;
  line: number | null;
};

/** Answer of `GET /v1/study-paths/{id}/progress`. */
export type Progress = {
  path_id: string;
  /** The learner's calendar, that of the newest path. */
  time_zone: string;
  day_start_hour: number;
  totals: ProgressFigures;
  /** All 14 modules in teaching order. */
  modules: ModuleProgress[];
  /** Topic tags with the most tasks first, at most 200. */
  topics: TopicProgress[];
  practice: Practice;
  upcoming_reviews: ReviewForecast;
  reviews: ReviewProgress;
};

/** Figures over a set of tasks. Judged are problems and reviews with a score; lessons never are. */
export type ProgressFigures = {
  tasks: number;
  by_status: {
    scheduled: number;
    in_progress: number;
    completed: number;
    skipped: number;
    expired: number;
  };
  solved: number;
  attempted: number;
  /** First attempts that passed every test. A problem has one over all of the learner's paths, its first result: retries and reviews have none. Of a problem that was met here before an import the result that is here stays the first one, and what the import brings is a repeat, even if it happened earlier. */
  first_try: Accuracy;
  /** Judged tasks of which some submission passed every test. */
  eventual: Accuracy;
  /** Mean of the best scores of the judged tasks, null without any. */
  mean_score: number | null;
  hints_used: number;
  time_spent_seconds: number;
};

/** Answer 429 when one of the operator's quotas is used up: problem details that name it. Nothing was done. */
export type QuotaExceeded = {
  type: string;
  title: string;
  status: number;
  detail?: string | undefined;
  code: "quota";
  request_id: string;
  errors?: Array<{
    path: string;
    message: string;
  }> | undefined;
  quota: QuotaName;
  /** What the quota allows in a day, or at once. */
  limit: number;
  /** What is left of it: more than 0 only where a request asked for more than one. */
  remaining: number;
  /** When it is renewed; for `open-hints`, when the oldest stream ends at the latest. */
  resets_at: string;
};

/** What an operator limits for each learner. Those of a day are counted by the learner's local day, which begins at `day_start_hour`; `open-hints` counts the hint streams that are open at the same time. */
export type QuotaName = "submissions-per-day" | "submissions-per-task-and-day" | "runs-per-day" | "hints-per-day" | "tasks-per-day" | "open-hints";

/** Answer of `GET /readyz`. `ready` is false when a service does not answer or does not take its key. */
export type Readiness = {
  ready: boolean;
  checks: Record<string, ServiceCheck>;
  /** What works, but not as a deployment should have it. */
  warnings: SetupFault[];
};

/** Body of `POST .../hint`; the answer is the tutor's own event stream. */
export type RequestHint = {
  question?: string | undefined;
  code?: string | undefined;
  language?: Language | undefined;
  /** Rung of the hint ladder; default: one above the last. */
  level?: number | undefined;
};

/** Reviews of the path that stand ready, by the learner's days; `days` are today and the six days after it. */
export type ReviewForecast = {
  /** Scheduled for a day before today and still waiting. */
  overdue: number;
  days: Array<{
    date: string;
    reviews: number;
  }>;
};

/** Grade of a review; `hard` is a pass, only `again` a failure. */
export type ReviewGrade = "again" | "hard" | "good" | "easy";

/** One review, complete enough to undo it, to replay it and to fit parameters to it. */
export type ReviewLog = {
  rule_version: number;
  algorithm: "fsrs-6";
  params: ReviewParams;
  grade: ReviewGrade;
  source: GradeSource;
  reviewed_at: string;
  /** The learner's days since the review before; null for the first one. */
  elapsed_days: number | null;
  /** Chance of recall that the model gave just before; null for the first one. */
  retrievability: number | null;
  /** The state that `undo` restores; null when the review created the card. */
  before: ReviewState | null;
  after: ReviewState;
};

/** Everything that FSRS-6 was run with; `w` are its 21 weights. */
export type ReviewParams = {
  request_retention: number;
  /** Days. */
  maximum_interval: number;
  w: number[];
};

/** A learner's reviews over all paths, by the learner's days and the cap of the newest path. */
export type ReviewProgress = {
  /** Problems that are due by today, with a task or without. */
  due_now: number;
  /** What has no task yet: today and the 89 days after it, and sums over 7, 30 and 90 days. */
  forecast: {
    /** Due before today; they count as due today. */
    overdue: number;
    days: Array<{
      /** Reviews that fall due, each card counted once, for its next review. */
      due: number;
      /** Reviews that `reviews_per_day` leaves room for. */
      planned: number;
      /** Reviews that wait at the end. */
      backlog: number;
      date: string;
    }>;
    spans: Array<{
      /** Reviews that fall due, each card counted once, for its next review. */
      due: number;
      /** Reviews that `reviews_per_day` leaves room for. */
      planned: number;
      /** Reviews that wait at the end. */
      backlog: number;
      days: number;
    }>;
  };
  /** Share of reviews that were passed; mature problems had rested for 21 days or more. Of the newest 5,000 reviews. */
  retention: Array<{
    period: "today" | "week" | "month" | "year" | "all";
    young: {
      reviews: number;
      passed: number;
      /** `passed` over `reviews`, null without any. */
      rate: number | null;
    };
    mature: {
      reviews: number;
      passed: number;
      /** `passed` over `reviews`, null without any. */
      rate: number | null;
    };
    all: {
      reviews: number;
      passed: number;
      /** `passed` over `reviews`, null without any. */
      rate: number | null;
    };
  }>;
};

/** Memory of one problem as FSRS sees it. `stability`: days until recall falls to 0.90; `difficulty`: 1-10. */
export type ReviewState = {
  /** Beginning of the learner's day on which it falls due, by the calendar of the last review. */
  due: string;
  stability: number;
  difficulty: number;
  /** The learner's days from the last review to the one on which it falls due. */
  scheduled_days: number;
  reps: number;
  lapses: number;
  last_review: string;
  /** The learner's day of the last review; absent in what was written before days were stored. */
  day?: string | undefined;
};

/** Body of `POST .../run`: the visible tests only, nothing is stored. */
export type Run = {
  language: Language;
  code: string;
};

/** Answer of a run on the visible tests. */
export type RunResult = {
  verdict: Verdict | null;
  test_cases_passed: number | null;
  test_cases_total: number | null;
  /** CPU milliseconds of the visible tests together. */
  runtime_ms: number | null;
  /** MiB: the most that a visible test took. */
  memory_mb: number | null;
  error_message: string | null;
  /** The visible tests. */
  tests: VisibleTestResult[] | null;
};

/** How one service answered, and after how many milliseconds. */
export type ServiceCheck = {
  ok: boolean;
  ms: number;
  /** The variable that leads to the service, or its key, when `ok` is false. */
  fault?: SetupFault | undefined;
};

/** A variable of the deployment and what is wrong with it. */
export type SetupFault = {
  name: string;
  message: string;
};

/** Types that JSON cannot carry. `arg_types[i]` / `return_type` name a linked list or a binary tree (level order with null for a missing child), null anything else; `inplace: k` judges argument k after the call instead of the result. */
export type Signature = {
  arg_types?: Array<"ListNode" | "TreeNode" | null> | undefined;
  return_type?: "ListNode" | "TreeNode" | null | undefined;
  inplace?: number | null | undefined;
};

/** An event in a learner's export; `transcript` is what was said in a `tutor_interaction`, as JSON text. */
export type StoredEvent = {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  position?: number | undefined;
  transcript: string | null;
  event_type: "created";
  schema_version: 1;
  payload: {
    path_id: string;
    kind: TaskKind;
    problem_id: string;
    module: Module;
    topic_tags: string[];
    difficulty: number;
    scheduled_at: string;
    expires_at: string;
    metadata: Record<string, Json>;
    card_version?: number | undefined;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  position?: number | undefined;
  transcript: string | null;
  event_type: "started";
  schema_version: 1;
  payload: {
    started_at: string;
    expires_at: string;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  position?: number | undefined;
  transcript: string | null;
  event_type: "submitted";
  schema_version: 1;
  payload: {
    evaluation_id: string;
    submission_id: string;
    attempt: number;
    run: number;
    language: Language;
    code_bytes: number;
    time_spent_seconds: number | null;
    day?: string | undefined;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  position?: number | undefined;
  transcript: string | null;
  event_type: "evaluation_requested";
  schema_version: 1;
  payload: {
    evaluation_id: string;
    submission_id: string;
    attempt: number;
    run: number;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  position?: number | undefined;
  transcript: string | null;
  event_type: "evaluated";
  schema_version: 1;
  payload: {
    evaluation_id: string;
    submission_id: string;
    attempt: number;
    run: number;
    verdict: Verdict;
    test_cases_passed: number;
    test_cases_total: number;
    score: number;
    runtime_ms: number;
    memory_mb: number;
    hidden: HiddenTests | null;
    content_hash: string;
    engine: string;
    best_score: number | null;
    first_score: number | null;
    repeat?: true | undefined;
    compile_errors?: number | undefined;
    rule_version: number;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  position?: number | undefined;
  transcript: string | null;
  event_type: "evaluation_failed";
  schema_version: 1;
  payload: {
    evaluation_id: string;
    submission_id: string;
    attempt: number;
    run: number;
    verdict: "IE";
    cause: string;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  position?: number | undefined;
  transcript: string | null;
  event_type: "hint_requested";
  schema_version: 1;
  payload: {
    hint_id: string;
    level: number;
    hints_used: number;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  position?: number | undefined;
  transcript: string | null;
  event_type: "tutor_interaction";
  schema_version: 1;
  payload: {
    hint_id: string;
    level: number;
    outcome: StreamOutcome;
    duration_ms: number;
    bytes: number;
    transcript_sha256: string | null;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  position?: number | undefined;
  transcript: string | null;
  event_type: "status_changed";
  schema_version: 1;
  payload: {
    from: TaskStatus;
    to: TaskStatus;
    at: string;
    reason: string | null;
    time_spent_seconds: number | null;
    day?: string | undefined;
    replanned?: true | undefined;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  position?: number | undefined;
  transcript: string | null;
  event_type: "metadata_changed";
  schema_version: 1;
  payload: {
    metadata: Record<string, Json>;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  position?: number | undefined;
  transcript: string | null;
  event_type: "mastery_changed";
  schema_version: 1;
  payload: {
    changes: Array<{
      topic: string;
      rating_before: number | null;
      rating: number;
      n: number;
      reason: MasteryReason;
      version: number;
    }>;
    rule_version: number;
    level: {
      difficulty: number;
      successes: number;
      reason: DifficultyReason;
      rule_version: number;
      version: number;
    } | null;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  position?: number | undefined;
  transcript: string | null;
  event_type: "difficulty_changed";
  schema_version: 1;
  payload: {
    module: Module;
    from: number;
    to: number;
    reason: DifficultyReason;
    rule_version: number;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  position?: number | undefined;
  transcript: string | null;
  event_type: "graded";
  schema_version: 1;
  payload: {
    problem_id: string;
    review: number;
    grade: ReviewGrade;
    source: GradeSource;
    due: string;
    stability: number;
    difficulty: number;
    scheduled_days: number;
    reps: number;
    lapses: number;
    last_review: string;
    day?: string | undefined;
    params: ReviewParams;
    elapsed_days: number | null;
    retrievability: number | null;
    before: ReviewState | null;
    card_version: number | null;
    ready_task_id: string | null;
    rule_version: number;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  position?: number | undefined;
  transcript: string | null;
  event_type: "grade_undone";
  schema_version: 1;
  payload: {
    problem_id: string;
    review: number;
    card: ReviewState | null;
    card_version: number | null;
    ready_task_id: string | null;
    rule_version: number;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  position?: number | undefined;
  transcript: string | null;
  event_type: "erased";
  schema_version: 1;
  payload: {
    texts: number;
  };
};

/** One judging in a learner's export, with everything stored beside it. */
export type StoredJudging = {
  id: string;
  submission_id: string;
  /** Attempt at the task, from 1. */
  attempt: number;
  /** Judging of this submission, from 1; a re-evaluation is the next run. */
  run: number;
  language: Language;
  status: EvaluationStatus;
  verdict: Verdict | null;
  test_cases_passed: number | null;
  test_cases_total: number | null;
  score: number | null;
  /** CPU milliseconds of the visible tests together. */
  runtime_ms: number | null;
  /** MiB: the most that a visible test took. */
  memory_mb: number | null;
  error_message: string | null;
  /** The visible tests. */
  tests: VisibleTestResult[] | null;
  hidden: HiddenTests | null;
  content_hash: string | null;
  created_at: string;
  /** The learner's day on which the code was sent; null where days were not stored yet. */
  day: string | null;
  evaluated_at: string | null;
  engine: string | null;
  /** Active seconds as the client measured them. */
  time_spent_seconds: number | null;
  task_id: string;
  code: string | null;
};

/** What the learner knows apart from the tasks that are there, in a learner's export. */
export type StoredLearnerEvent = {
  event_type: "learning_kept";
  schema_version: 1;
  payload: {
    mastery: Array<{
      topic: string;
      n: number;
      rating: number;
      reason: MasteryReason;
      rule_version: number;
      version: number;
      updated_at: string;
    }>;
    forgotten: string[];
    released: Array<{
      problem_id: string;
      version: number;
    }>;
  };
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  position?: number | undefined;
} | {
  event_type: "learning_restored";
  schema_version: 1;
  payload: {
    mastery: Array<{
      topic: string;
      n: number;
      rating: number;
      reason: MasteryReason;
      rule_version: number;
      version: number;
      updated_at: string;
    }>;
    modules: Array<{
      path_id: string;
      module: Module;
      difficulty: number;
      successes: number;
      reason: DifficultyReason;
      rule_version: number;
      version: number;
      updated_at: string;
    }>;
    cards: Array<{
      problem_id: string;
      path_id: string;
      module: Module;
      topic_tags: string[];
      difficulty: number;
      state: ReviewState;
      ready_task_id: string | null;
      rule_version: number;
      version: number;
      updated_at: string;
    }>;
    reviews: Array<{
      problem_id: string;
      review: number;
      task_id: string;
    }>;
  };
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  position?: number | undefined;
};

/** What happened to a path apart from its tasks, in a learner's export. */
export type StoredPathEvent = {
  event_type: "path_created";
  schema_version: 1;
  payload: {
    track_id: string;
    config: Record<string, Json>;
  };
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  path_id: string;
  position?: number | undefined;
} | {
  event_type: "path_changed";
  schema_version: 1;
  payload: {
    config: Record<string, Json>;
  };
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  path_id: string;
  position?: number | undefined;
};

/** How a tutor stream ended. */
export type StreamOutcome = "complete" | "aborted" | "timeout" | "failed";

export type StudyPath = {
  id: string;
  track_id: string;
  config: PathConfig;
  created_at: string;
  updated_at: string;
};

/** Body of `POST .../submit`. */
export type Submit = {
  language: Language;
  code: string;
  /** Active seconds as the client measured them; counts when smaller than the time since the start. */
  time_spent_seconds?: number | undefined;
};

/** A task as the API shows it. */
export type Task = {
  id: string;
  path_id: string;
  kind: TaskKind;
  problem_id: string;
  module: Module;
  topic_tags: string[];
  difficulty: number;
  status: TaskStatus;
  scheduled_at: string;
  started_at: string | null;
  completed_at: string | null;
  /** The learner's day of its completion; null before it, and where days were not stored yet. */
  completed_day: string | null;
  expires_at: string;
  /** Best score of all attempts: passed over total of visible and hidden tests, 0 to 1; null until judged. */
  score: number | null;
  time_spent_seconds: number | null;
  hints_used: number;
  attempts: number;
  pending_evaluations: number;
  /** Sequence number of the task's newest event; `If-Match: "<version>"` guards a PATCH. */
  version: number;
  metadata: Record<string, Json>;
  created_at: string;
};

/** Answer of a change to a task. */
export type TaskAnswer = {
  task: Task;
};

/** Answer of `GET /v1/study-tasks/{id}`. `problem` is null while the bank is out of reach; `evaluations` are the newest 50 judgings, newest first; `events` the newest 50 and `hints` the newest 100 in the order of `seq`. */
export type TaskDetail = {
  task: Task;
  problem: Problem | null;
  evaluations: EvaluationWithCode[];
  events: TaskEvent[];
  hints: GivenHint[];
};

/** A fact as the log keeps it; `seq` counts from 1 without gaps and equals the task's version at that moment. */
export type TaskEvent = {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  event_type: "created";
  schema_version: 1;
  payload: {
    path_id: string;
    kind: TaskKind;
    problem_id: string;
    module: Module;
    topic_tags: string[];
    difficulty: number;
    scheduled_at: string;
    expires_at: string;
    metadata: Record<string, Json>;
    card_version?: number | undefined;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  event_type: "started";
  schema_version: 1;
  payload: {
    started_at: string;
    expires_at: string;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  event_type: "submitted";
  schema_version: 1;
  payload: {
    evaluation_id: string;
    submission_id: string;
    attempt: number;
    run: number;
    language: Language;
    code_bytes: number;
    time_spent_seconds: number | null;
    day?: string | undefined;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  event_type: "evaluation_requested";
  schema_version: 1;
  payload: {
    evaluation_id: string;
    submission_id: string;
    attempt: number;
    run: number;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  event_type: "evaluated";
  schema_version: 1;
  payload: {
    evaluation_id: string;
    submission_id: string;
    attempt: number;
    run: number;
    verdict: Verdict;
    test_cases_passed: number;
    test_cases_total: number;
    score: number;
    runtime_ms: number;
    memory_mb: number;
    hidden: HiddenTests | null;
    content_hash: string;
    engine: string;
    best_score: number | null;
    first_score: number | null;
    repeat?: true | undefined;
    compile_errors?: number | undefined;
    rule_version: number;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  event_type: "evaluation_failed";
  schema_version: 1;
  payload: {
    evaluation_id: string;
    submission_id: string;
    attempt: number;
    run: number;
    verdict: "IE";
    cause: string;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  event_type: "hint_requested";
  schema_version: 1;
  payload: {
    hint_id: string;
    level: number;
    hints_used: number;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  event_type: "tutor_interaction";
  schema_version: 1;
  payload: {
    hint_id: string;
    level: number;
    outcome: StreamOutcome;
    duration_ms: number;
    bytes: number;
    transcript_sha256: string | null;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  event_type: "status_changed";
  schema_version: 1;
  payload: {
    from: TaskStatus;
    to: TaskStatus;
    at: string;
    reason: string | null;
    time_spent_seconds: number | null;
    day?: string | undefined;
    replanned?: true | undefined;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  event_type: "metadata_changed";
  schema_version: 1;
  payload: {
    metadata: Record<string, Json>;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  event_type: "mastery_changed";
  schema_version: 1;
  payload: {
    changes: Array<{
      topic: string;
      rating_before: number | null;
      rating: number;
      n: number;
      reason: MasteryReason;
      version: number;
    }>;
    rule_version: number;
    level: {
      difficulty: number;
      successes: number;
      reason: DifficultyReason;
      rule_version: number;
      version: number;
    } | null;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  event_type: "difficulty_changed";
  schema_version: 1;
  payload: {
    module: Module;
    from: number;
    to: number;
    reason: DifficultyReason;
    rule_version: number;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  event_type: "graded";
  schema_version: 1;
  payload: {
    problem_id: string;
    review: number;
    grade: ReviewGrade;
    source: GradeSource;
    due: string;
    stability: number;
    difficulty: number;
    scheduled_days: number;
    reps: number;
    lapses: number;
    last_review: string;
    day?: string | undefined;
    params: ReviewParams;
    elapsed_days: number | null;
    retrievability: number | null;
    before: ReviewState | null;
    card_version: number | null;
    ready_task_id: string | null;
    rule_version: number;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  event_type: "grade_undone";
  schema_version: 1;
  payload: {
    problem_id: string;
    review: number;
    card: ReviewState | null;
    card_version: number | null;
    ready_task_id: string | null;
    rule_version: number;
  };
} | {
  id: string;
  seq: number;
  actor: Actor;
  request_id: string | null;
  occurred_at: string;
  /** When the log took it, by the database's clock. */
  created_at: string;
  task_id: string;
  event_type: "erased";
  schema_version: 1;
  payload: {
    texts: number;
  };
};

/** The JSON of `GET /v1/study-tasks/export`, version 1: tasks created until `as_of` that the filters let through, and the paths that they can belong to. One document, so that a file that was cut off does not parse. */
export type TaskExport = {
  schema: "study-paths/export";
  version: 1;
  as_of: string;
  filters: Record<string, Json>;
  paths: StudyPath[];
  tasks: ExportedTask[];
  count: number;
};

export type TaskKind = "problem" | "review" | "lesson";

/** Answers of the lists; `next_cursor` is null on the last page. */
export type TaskPage = {
  data: ListedTask[];
  next_cursor: string | null;
};

/** Lifecycle of a task; the last three are terminal. */
export type TaskStatus = "scheduled" | "in_progress" | "completed" | "skipped" | "expired";

/** Answer of the batch: ids in the order of the request. */
export type TasksCreated = {
  ids: string[];
};

/** Verdict of one test; SK marks a test that was not run because an earlier one ended the run. */
export type TestVerdict = "AC" | "WA" | "TLE" | "MLE" | "OLE" | "RE" | "CE" | "IE" | "SK";

/** What the learner is known to know, over all paths; `rating` and `reason` are null without any evidence. */
export type TopicMastery = {
  level: MasteryLevel;
  /** Elo points, 0 to 3000: 1500 solves every second problem of difficulty 3. */
  rating: number | null;
  /** First attempts behind it; the level is `unknown` below three. */
  n: number;
  /** Of the last change. */
  reason: MasteryReason | null;
};

export type TopicProgress = {
  tasks: number;
  by_status: {
    scheduled: number;
    in_progress: number;
    completed: number;
    skipped: number;
    expired: number;
  };
  solved: number;
  attempted: number;
  /** First attempts that passed every test. A problem has one over all of the learner's paths, its first result: retries and reviews have none. Of a problem that was met here before an import the result that is here stays the first one, and what the import brings is a repeat, even if it happened earlier. */
  first_try: Accuracy;
  /** Judged tasks of which some submission passed every test. */
  eventual: Accuracy;
  /** Mean of the best scores of the judged tasks, null without any. */
  mean_score: number | null;
  hints_used: number;
  time_spent_seconds: number;
  topic: string;
  /** True with fewer than 3 judged tasks: both rates are null then. A rate over fewer than 3 is null in any case. */
  not_enough_data: boolean;
  mastery: TopicMastery;
};

/** Verdict of a whole submission: accepted, wrong answer, time / memory / output limit exceeded, runtime error, compile error, internal error. IE is a fault of the judge and is never charged to the learner. */
export type Verdict = "AC" | "WA" | "TLE" | "MLE" | "OLE" | "RE" | "CE" | "IE";

/** Result of a visible test, in full, printed text included whatever the verdict. What the program printed while it loaded is in the first one, also where loading failed and the test was not run. `actual` may hold tagged values (`{"$t": ...}`) that JSON cannot express. */
export type VisibleTestResult = {
  number: number;
  hidden: false;
  verdict: TestVerdict;
  args: Json[];
  expected: Json;
  actual?: Json | undefined;
  stdout: string;
  stdout_truncated: boolean;
  error: ProgramError | null;
  runtime_ms: number;
};

/** Query of `listPaths`. */
export type ListPathsQuery = {
  /** Rows of a page. */
  limit?: number | undefined;
  /** `next_cursor` of the page before; belongs to its learner, list and filters. */
  cursor?: string | undefined;
};

/** Query of `getCurrentPath`. */
export type GetCurrentPathQuery = {
  /** The newest path of this track instead. */
  track_id?: string | undefined;
};

/** Query of `listTasks`. */
export type ListTasksQuery = {
  /** Any of these modules. */
  module?: Module | Module[] | undefined;
  /** Any of these states. */
  status?: "scheduled" | "in_progress" | "completed" | "skipped" | "expired" | "solved" | "attempted" | Array<"scheduled" | "in_progress" | "completed" | "skipped" | "expired" | "solved" | "attempted"> | undefined;
  /** Any of these difficulties, 1 (easiest) to 5. */
  difficulty?: 1 | 2 | 3 | 4 | 5 | Array<1 | 2 | 3 | 4 | 5> | undefined;
  /** Any of these kinds. */
  kind?: TaskKind | TaskKind[] | undefined;
  /** Any of these topic tags. */
  topic?: string | string[] | undefined;
  /** Tasks of this path. */
  path_id?: string | undefined;
  /** Tasks of paths of this track. */
  track_id?: string | undefined;
  /** Scheduled at or after this date (UTC) or instant. */
  from?: string | undefined;
  /** Scheduled before this date (UTC) or instant. */
  to?: string | undefined;
  /** Each of these words stands in the problem’s title or id. While the problem bank is out of reach, in its id. */
  q?: string | undefined;
  /** Rows of a page. */
  limit?: number | undefined;
  /** `next_cursor` of the page before; belongs to its learner, list and filters. */
  cursor?: string | undefined;
  /** By `scheduled_at`: newest (`desc`) or oldest (`asc`) first. */
  order?: "desc" | "asc" | undefined;
  /** Tasks, too, that a change of the path's config has replaced before they were started. */
  include?: "replanned" | undefined;
};

/** Query of `getNextTask`. */
export type GetNextTaskQuery = {
  /** Of the newest path of this track instead. */
  track_id?: string | undefined;
};

/** Query of `listEvents`. */
export type ListEventsQuery = {
  /** Rows of a page. */
  limit?: number | undefined;
  /** `next_cursor` of the page before; belongs to its learner, list and filters. */
  cursor?: string | undefined;
};

/** Query of `listHints`. */
export type ListHintsQuery = {
  /** Rows of a page. */
  limit?: number | undefined;
  /** `next_cursor` of the page before; belongs to its learner, list and filters. */
  cursor?: string | undefined;
};

/** Query of `listDueReviews`. */
export type ListDueReviewsQuery = {
  /** Looks so many of the learner’s days ahead, `0d` to `90d`. `0d` is what is due by today. */
  within?: string | undefined;
  /** Rows of a page. */
  limit?: number | undefined;
  /** `next_cursor` of the page before; belongs to its learner, list and filters. */
  cursor?: string | undefined;
};

/** Query of `getProgress`. */
export type GetProgressQuery = {
  /** A moment in the past: the answer is made of what the log had recorded up to then. A path that did not exist yet is 404. Such reads are limited per minute. */
  as_of?: string | undefined;
};

/** Query of `exportTasks`. */
export type ExportTasksQuery = {
  /** Any of these modules. */
  module?: Module | Module[] | undefined;
  /** Any of these states. */
  status?: "scheduled" | "in_progress" | "completed" | "skipped" | "expired" | "solved" | "attempted" | Array<"scheduled" | "in_progress" | "completed" | "skipped" | "expired" | "solved" | "attempted"> | undefined;
  /** Any of these difficulties, 1 (easiest) to 5. */
  difficulty?: 1 | 2 | 3 | 4 | 5 | Array<1 | 2 | 3 | 4 | 5> | undefined;
  /** Any of these kinds. */
  kind?: TaskKind | TaskKind[] | undefined;
  /** Any of these topic tags. */
  topic?: string | string[] | undefined;
  /** Tasks of this path. */
  path_id?: string | undefined;
  /** Tasks of paths of this track. */
  track_id?: string | undefined;
  /** Scheduled at or after this date (UTC) or instant. */
  from?: string | undefined;
  /** Scheduled before this date (UTC) or instant. */
  to?: string | undefined;
  /** Each of these words stands in the problem’s title or id. While the problem bank is out of reach, in its id. */
  q?: string | undefined;
  /** `json` or `csv`. */
  format: "json" | "csv";
  /** By `scheduled_at`: newest (`desc`) or oldest (`asc`) first. */
  order?: "asc" | "desc" | undefined;
  /** Every submission with its own result: a row each in CSV, a list in each task in JSON. */
  attempts?: boolean | undefined;
  /** `code` adds the learner’s own code; goes with `attempts=true`. */
  include?: "code" | "replanned" | Array<"code" | "replanned"> | undefined;
  /** CSV ends with a row that holds the number of rows before it. */
  trailer?: boolean | undefined;
  /** CSV begins with a byte order mark, by which spreadsheets know UTF-8. */
  bom?: boolean | undefined;
  /** Times in CSV: `utc` for RFC 3339, `local` for `YYYY-MM-DD HH:MM:SS` in the time zone of the newest path, which spreadsheets read. */
  dates?: "utc" | "local" | undefined;
};

/** Query of `eraseLearner`. */
export type EraseLearnerQuery = {
  /** The confirmation token. The body is the better place, as an address may end in a log. */
  confirm?: string | undefined;
};
