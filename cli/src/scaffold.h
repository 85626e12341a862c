// The files that `writ new` writes: a small house that checks clean and gates green, to be changed
// from there.
#pragma once

#include <string_view>

namespace writ::cli {

struct ScaffoldFile {
  std::string_view path, content;
};

// `@HOUSE@` in path and content stands for the house's name.
inline constexpr ScaffoldFile kScaffold[] = {
    {"org.writ", R"(// Who is who, who answers for what, and what holds everywhere.
policy @HOUSE@.org 1.0.0
"Who is who, and what holds everywhere."
effective 2026-01-01

role director  human
role team_lead human  reports to director
role clerk     agent  identity "spiffe://@HOUSE@.example/agent/clerk"

anchor desk "Whoever is asked when the clerk may not decide" {
  held by team_lead
  deputies director
  absorbs legal, risk
  reached by "queue:approvals" within 4 hours
  on silence next deputy, then deny
}
)"},
    {"desk.writ", R"(// What the clerk may do alone, and when a person must be asked.
policy @HOUSE@.desk 1.0.0
"Payments made by the clerk."
effective 2026-01-01
use @HOUSE@.org 1.0.0

threshold autonomy = 100 EUR  "Change this, and say who decided it"
threshold unsure   = 0.80     "Below this the clerk asks"

// What the caller knows when it asks. Whatever is missing counts against: `deny`, unless it says otherwise.
facts from host missing deny {
  confidence : decimal(2) in 0..1  missing escalate
  blocked    : bool
}

capability pay "Pay somebody" {
  kind act  risk destructive
  system payments
  input payee: id, amount: money(EUR) in 0..10_000
  irreversible
  idempotent by payee, amount
  verify with show_payment
}
capability show_payment { kind verify  risk read_only  system payments  input payee: id }

delegation paying {
  from team_lead  to clerk
  may freely show_payment
  may pay
  anchor desk
  review every 90 days  expires 2030-12-31

  for pay {
    deny when blocked                 "This payee is blocked."
    limit amount <= autonomy
    escalate when confidence < unsure as ambiguity
  }
}

// Regions name requests for the gate; invariants are proved for every request; examples are tests.
region everyday when capability = pay and amount <= 100 EUR
region blocked_payees when capability = pay and blocked

invariant nothing_for_the_blocked: never allow pay when blocked

sample small = clerk pay { payee: "P1", amount: 20 EUR, confidence: 0.95, blocked: false }
example "a small payment is the clerk's"  { small -> allow under paying }
example "one cent more waits"             { small with amount: 100.01 EUR -> escalate to desk }
example "an unsure clerk asks"            { small with confidence: 0.79 -> escalate to desk }
example "nobody knows how sure it is"     { small with confidence: missing -> escalate to desk }
example "blocked is blocked"              { small with blocked: true -> deny because "This payee" }
)"},
    {"desk.gate.yaml", R"(# What a new version of the policy must not do, judged on recorded runs.
# `critical` blocks a release; `supporting` is reported, and blocks together with others.
gate: desk
title: May the next desk policy be released?
baseline: desk.writ         # the policy in force
candidate: desk.writ        # the next version goes here: copy desk.writ, change it, name the copy
horizon: run
gates:
  - name: blocked_stays_blocked
    kind: forbid
    region: blocked_payees
    direction: loosened
    tier: critical
    reason: Nobody pays a blocked payee.

  - name: facts_are_there
    kind: unknown
    max: 5%
    tier: critical
    reason: A verdict on missing facts is no verdict.

  - name: regions_are_exercised
    kind: coverage
    of: regions
    min: 100%
    tier: supporting
    reason: What nobody ever asked for has not been tested by history.
)"},
    {"mapping.sql",
     R"(-- From recorded runs (one JSON object a line, in the table `lines`) to the tables of a corpus. Write this once for your own
-- logs; the policy stays as it is.

-- A run is one case from beginning to end; runs of one customer are not independent of each other: a cluster.
INSERT INTO runs (run, cluster)
SELECT lines.json ->> 'run', lines.json ->> 'customer' FROM lines;

CREATE TEMP TABLE step AS
  SELECT line * 100 + e.key AS event, lines.json ->> 'run' AS run, e.key AS seq, e.value AS step
  FROM lines, json_each(lines.json, '$.events') AS e;

-- What was asked for, when, by which role; what was decided then, and what came of it.
INSERT INTO events (event, run, seq, at, role, capability, observed, effect, known_at)
SELECT event, run, seq, step ->> 'at', 'clerk', step ->> 'does', step ->> 'decided', step ->> 'effect', step ->> 'at'
FROM step;

-- What was known at that moment.
INSERT INTO facts (event, name, value)
SELECT event, f.key, f.atom FROM step, json_each(step.step, '$.facts') AS f;
)"},
    {"runs.jsonl",
     R"({"run":"r1","customer":"c1","events":[{"at":1767600000000,"does":"show_payment","decided":"allow","effect":"executed","facts":{"payee":"P1"}},{"at":1767600060000,"does":"pay","decided":"allow","effect":"executed","facts":{"payee":"P1","amount":"20 EUR","confidence":"0.95","blocked":"false"}}]}
{"run":"r2","customer":"c2","events":[{"at":1767603600000,"does":"pay","decided":"escalate desk","effect":"executed after approval by desk","facts":{"payee":"P2","amount":"250 EUR","confidence":"0.97","blocked":"false"}}]}
{"run":"r3","customer":"c3","events":[{"at":1767607200000,"does":"pay","decided":"deny","effect":"refused","facts":{"payee":"P3","amount":"40 EUR","confidence":"0.99","blocked":"true"}}]}
{"run":"r4","customer":"c4","events":[{"at":1767610800000,"does":"pay","decided":"escalate desk","effect":"executed after approval by desk","facts":{"payee":"P4","amount":"60 EUR","confidence":"0.55","blocked":"false"}}]}
)"},
    {"ci.yml",
     R"yml(# A workflow for GitHub: copy it to .github/workflows/, and put the `writ` command on the PATH before it runs.
name: rules
on: [push, pull_request]
jobs:
  rules:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      # Mistakes are marked in the pull request; what has expired today is one of them.
      - run: writ check desk.writ --format github --as-of "$(date -u +%F)"
      - run: writ corpus import runs.jsonl --map mapping.sql -o runs.db
      # Exit code 0 is a pass; 1 blocks the release, 3 is inconclusive: both stop here.
      - run: writ gate desk.gate.yaml --corpus runs.db -o html:report.html
      - uses: actions/upload-artifact@v4
        if: always()
        with: { name: report, path: report.html }
)yml"},
    {"README.md", R"(# The rules of @HOUSE@

| file | what it says |
|---|---|
| `org.writ` | who is who, and who answers for what |
| `desk.writ` | what the clerk may do alone, and when a person is asked; its examples are tests |
| `desk.gate.yaml` | what a new version must not do |
| `mapping.sql`, `runs.jsonl` | past runs, and how they become a corpus |
| `ci.yml` | the same three commands for a pull request |

    writ check desk.writ                                          is the policy whole?
    writ table desk.writ --format html > desk.html                the page to hand to an auditor
    writ explain desk.writ clerk pay payee=P1 amount='250 EUR' confidence=0.9 blocked=false
    writ corpus import runs.jsonl --map mapping.sql -o runs.db    past runs
    writ gate desk.gate.yaml --corpus runs.db                     may a change be released?

A first change: raise `autonomy` in a copy of `desk.writ`, as `next.writ`. `writ check next.writ` shows the example that now comes out otherwise: say there
what is to be. Then ask what has changed, and what the gate says:

    writ diff desk.writ next.writ
    writ gate desk.gate.yaml --candidate next.writ --corpus runs.db
)"},
};

}  // namespace writ::cli
