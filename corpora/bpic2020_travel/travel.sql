-- Travel claims of a university (BPI Challenge 2020): one line is one claim with its events in the order of the log.
--
-- Claims and permits are handed in by the employee, payments requested by a batch job; signatures, rejections and the
-- trip itself are what the travel system reports: nobody asked for them. The log names no persons and no amounts from
-- which a director signs: the facts about these are left out, and what hangs on them is unknown.

INSERT INTO meta VALUES
  ('source', 'BPI Challenge 2020, van Dongen, 4TU.ResearchData, doi 10.4121/uuid:52fb97d4-4588-43c9-9d04-3604d4613b51'),
  ('licence', 'CC BY-NC 4.0');

CREATE TEMP TABLE claim AS
  SELECT row_number() OVER (ORDER BY file, line) AS n, lines.json ->> '$.attrs."Permit ID"' AS permit,
         iif(lines.json ->> '$.attrs."Permit ID"' IS NULL, 'domestic/', 'abroad/') || (lines.json ->> 'case_id') AS run,
         lines.json ->> '$.attrs."Permit ID"' IS NOT NULL AS abroad,
         EXISTS (SELECT 1 FROM json_each(lines.json, '$.events') e WHERE e.value ->> 'activity' GLOB 'Permit *') AS has_permit,
         lines.json -> 'events' AS steps
  FROM lines;

-- The two files count their claims each for itself. Claims under one permit are not independent.
INSERT INTO runs SELECT run, ifnull(permit, run) FROM claim ORDER BY n;

CREATE TEMP TABLE step AS
  SELECT n * 1000 + e.key AS event, run, abroad, has_permit, e.key AS seq, iso_ms(e.value ->> 'timestamp') AS at,
         e.value ->> 'activity' AS activity
  FROM claim, json_each(steps) e;

-- What is not in this list keeps its own name, so that `corpus check` shows it.
CREATE TEMP TABLE word AS
  SELECT event, CASE
    WHEN activity = 'Request Payment' THEN 'request_payment'
    WHEN activity = 'Payment Handled' THEN 'payment_made'
    WHEN activity = 'Start trip' THEN 'start_trip'
    WHEN activity = 'End trip' THEN 'end_trip'
    WHEN activity = 'Declaration SUBMITTED by EMPLOYEE' THEN 'submit_claim'
    WHEN activity = 'Permit SUBMITTED by EMPLOYEE' THEN 'submit_permit'
    WHEN activity GLOB 'Declaration REJECTED by *' THEN 'claim_rejected'
    WHEN activity GLOB 'Permit REJECTED by *' THEN 'permit_rejected'
    WHEN activity GLOB 'Declaration *APPROVED by ADMINISTRATION' THEN 'administration_signs'
    WHEN activity GLOB 'Declaration *APPROVED by PRE_APPROVER' THEN 'pre_approver_signs'
    WHEN activity GLOB 'Declaration *APPROVED by BUDGET OWNER' THEN 'budget_owner_signs'
    WHEN activity GLOB 'Declaration *APPROVED by SUPERVISOR' THEN 'supervisor_signs'
    WHEN activity GLOB 'Declaration *APPROVED by DIRECTOR' THEN 'director_signs'
    WHEN activity GLOB 'Permit *APPROVED by SUPERVISOR' THEN 'supervisor_signs_permit'
    WHEN activity GLOB 'Permit *APPROVED by *' THEN 'others_sign_permit'
    WHEN activity GLOB 'Declaration SAVED by *' OR activity GLOB 'Declaration FOR_APPROVAL by *' OR activity = 'Send Reminder' THEN 'claim_kept'
    ELSE activity END AS capability
  FROM step;

INSERT INTO events (event, run, seq, at, role, capability, effect, known_at)
  SELECT event, run, seq, at,
         CASE capability WHEN 'request_payment' THEN 'payment_run' WHEN 'submit_claim' THEN 'employee' WHEN 'submit_permit' THEN 'employee' END,
         capability, CASE WHEN capability IN ('request_payment', 'submit_claim', 'submit_permit') THEN 'executed' ELSE 'noted' END, at
  FROM step JOIN word USING (event);

INSERT INTO facts (event, name, value)
  SELECT event, 'claim', run FROM step
  UNION ALL SELECT event, 'trip.abroad', truth(abroad) FROM step
  -- A claim's own file has no word of its permit: where that was signed is not known.
  UNION ALL SELECT event, 'permit.elsewhere', 'false' FROM step WHERE has_permit OR NOT abroad;

-- The year in which a claim was first handed in: the rules changed with the year.
INSERT INTO labels (run, event, name, value, origin)
  SELECT run, NULL, 'handed_in', strftime('%Y', min(at) / 1000 + 3600, 'unixepoch'), 'mapping'
  FROM step JOIN word USING (event) WHERE capability = 'submit_claim' GROUP BY run;
INSERT INTO labels (run, event, name, value, origin)
  SELECT run, NULL, 'trip', iif(abroad, 'abroad', 'domestic'), 'mapping' FROM claim;
