-- The support desk: one line is one conversation with its calls in order, as `writ_support_desk` writes it.

INSERT INTO meta VALUES
  ('source', 'made by writ_support_desk'),
  ('licence', 'Apache-2.0');

-- Conversations of one customer are not independent.
INSERT INTO runs SELECT json ->> 'case', json ->> 'customer' FROM lines ORDER BY line;

CREATE TEMP TABLE step AS
  SELECT lines.line * 100 + (e.value ->> 'seq') AS event, lines.json ->> 'case' AS run, lines.json ->> 'agent' AS agent,
         lines.json ->> 'lead' AS lead, e.value AS json
  FROM lines, json_each(lines.json, '$.events') e;
CREATE INDEX temp.step_event ON step (event);

INSERT INTO events (event, run, seq, at, role, capability, actor, session, agent, observed, effect, known_at)
  SELECT event, run, json ->> 'seq', json ->> 'at', iif(agent IS NULL, 'support_lead', 'refund_agent'), json ->> 'call',
         ifnull(agent, lead), run, agent, json ->> 'decision', json ->> 'effect', json ->> 'known_at'
  FROM step;

INSERT INTO facts (event, name, value)
  SELECT event, 'order', json ->> 'order' FROM step
  UNION ALL SELECT event, 'pressure.loop', json ->> 'loop' FROM step
  UNION ALL SELECT event, 'amount', money(json ->> 'amount', 'EUR') FROM step WHERE json ->> 'call' = 'issue_refund';

-- What the desk did not know is said to be missing: the agent's confidence, and what an order holds before it was looked up.
INSERT INTO facts (event, name, value, missing)
  SELECT event, name, value, value IS NULL
  FROM (SELECT event, f.value AS name,
               CASE f.value WHEN 'confidence'    THEN step.json ->> 'confidence'
                            WHEN 'order.status'  THEN step.json ->> 'status'
                            WHEN 'order.total'   THEN money(step.json ->> 'total', 'EUR')
                            WHEN 'customer.tier' THEN step.json ->> 'tier' END AS value
        FROM step, json_each('["confidence", "order.status", "order.total", "customer.tier"]') f
        WHERE step.json ->> 'call' = 'issue_refund');

INSERT INTO labels (run, event, name, value, origin)
  SELECT lines.json ->> 'case', lines.line * 100 + (l.value ->> 'seq'), l.value ->> 'name', l.value ->> 'value', l.value ->> 'origin'
  FROM lines, json_each(lines.json, '$.labels') l;
