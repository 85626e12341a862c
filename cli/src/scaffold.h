// The files that `writ new` writes: a small house that checks clean and gates green, to be changed from there.
#pragma once

#include <string_view>

namespace writ::cli {

struct ScaffoldFile { std::string_view path, content; };

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

region everyday when capability = pay and amount <= 100 EUR
region blocked_payees when capability = pay and blocked

invariant nothing_for_the_blocked: never allow pay when blocked

sample small = clerk pay { payee: "P1", amount: 20 EUR, confidence: 0.95, blocked: false }
example "a small payment is the clerk's"  { small -> allow under paying }
example "one cent more waits"             { small with amount: 100.01 EUR -> escalate to desk }
example "an unsure clerk asks"            { small with confidence: 0.79 -> escalate to desk }
example "blocked is blocked"              { small with blocked: true -> deny because "This payee" }
)"},
    {"desk.gate.yaml", R"(# What a new version of the policy must not do, judged on recorded runs.
gate: desk
title: May the next desk policy be released?
baseline: desk.writ
candidate: desk.writ        # the next version goes here
horizon: run
gates:
  - name: blocked_stays_blocked
    kind: forbid
    region: blocked_payees
    direction: loosened
    tier: critical
    reason: Nobody pays a blocked payee.
)"},
    {"runs.sql", R"(-- From recorded runs (one JSON object a line) to the tables of a corpus; docs/evals.md describes them.
INSERT INTO runs (run, cluster)
SELECT lines.json ->> 'run', lines.json ->> 'customer' FROM lines;

CREATE TEMP TABLE step AS
  SELECT line * 100 + e.key AS event, lines.json ->> 'run' AS run, e.key AS seq, e.value AS step
  FROM lines, json_each(lines.json, '$.events') AS e;

INSERT INTO events (event, run, seq, at, role, capability, observed, effect, known_at)
SELECT event, run, seq, step ->> 'at', 'clerk', step ->> 'does', step ->> 'decided', step ->> 'effect', step ->> 'at'
FROM step;

INSERT INTO facts (event, name, value)
SELECT event, f.key, f.atom FROM step, json_each(step.step, '$.facts') AS f;
)"},
    {"runs.jsonl", R"({"run":"r1","customer":"c1","events":[{"at":1767600000000,"does":"pay","decided":"allow","effect":"executed","facts":{"payee":"P1","amount":"20 EUR","confidence":"0.95","blocked":"false"}}]}
{"run":"r2","customer":"c2","events":[{"at":1767603600000,"does":"pay","decided":"escalate desk","effect":"executed after approval by desk","facts":{"payee":"P2","amount":"250 EUR","confidence":"0.97","blocked":"false"}}]}
{"run":"r3","customer":"c3","events":[{"at":1767607200000,"does":"pay","decided":"deny","effect":"refused","facts":{"payee":"P3","amount":"40 EUR","confidence":"0.99","blocked":"true"}}]}
)"},
    {"README.md", R"(# The rules of @HOUSE@

    writ check desk.writ                                        is the policy whole?
    writ corpus import runs.jsonl --map runs.sql -o runs.db     past runs
    writ gate desk.gate.yaml --corpus runs.db                   may a change be released?
)"},
};

}  // namespace writ::cli
