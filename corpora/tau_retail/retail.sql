-- A shop's service desk: what its host would have known before each call of the agent.
--
-- One line is one conversation, in either of two recordings (tau1 under four ways of control, tau2). Beside the
-- conversations come the actions that the task's authors think right, one run per task: nobody talks there, so what
-- only a conversation shows is given. No recording has a clock: message i stands at second i of its run.
-- Attached: users, orders, products (one row {key, value} each, the state when a run begins) and tasks (of tau2).
-- README.md says what each fact and label means.

INSERT INTO meta VALUES
  ('source', 'tau-bench (fork of the AgentVerify study) and tau2-bench (Sierra), retail domain'),
  ('licence', 'MIT'),
  ('times', 'none recorded: message i is placed at second i of its run');

-- Conversations, and the runs of right actions, as rows; `line` tells them apart.
CREATE TEMP TABLE talk AS
  SELECT line, json ->> 'run_id' AS run, json ->> 'format' AS format, json ->> 'collection' AS collection,
         (json ->> 'format') || '/task' || (json ->> 'task_id') AS task, printf('%g', json ->> 'reward') AS reward, 'agent' AS kind,
         CASE json ->> 'format' WHEN 'tau1' THEN json -> '$.run.traj' ELSE json -> '$.run.messages' END AS messages
  FROM lines;

-- The tasks of the four tau1 collections are the same.
CREATE TEMP TABLE gold AS
  SELECT 100000 + min(line) AS line, 'tau1' AS format, 'tau1/task' || (json ->> 'task_id') AS task, json -> '$.run.info.task.actions' AS actions
  FROM lines WHERE json ->> 'format' = 'tau1' GROUP BY json ->> 'task_id'
  UNION ALL
  SELECT 200000 + line, 'tau2', 'tau2/task' || (json ->> '$.task.id'), ifnull(json -> '$.task.evaluation_criteria.actions', '[]') FROM tasks;
INSERT INTO talk SELECT line, 'gold/' || task, format, 'gold', task, NULL, 'gold', '[]' FROM gold;

CREATE TEMP TABLE message AS
  SELECT t.line, m.key AS i, m.value ->> 'role' AS role, ifnull(m.value ->> 'content', '') AS content,
         CASE WHEN json_type(m.value, '$.tool_calls') = 'array' THEN m.value -> 'tool_calls' ELSE '[]' END AS calls
  FROM talk t, json_each(t.messages) m;
CREATE INDEX temp.message_place ON message (line, role, i);

-- A result is the tool message at the call's own place behind its batch. Two collections wrote arguments and results
-- down as a program's text, not as JSON; theirs are respelled.
CREATE TEMP TABLE call AS
  SELECT c.line, c.i, c.k, c.line * 100000 + c.i * 50 + c.k AS event, c.tool, c.arguments, c.together, c.spoke,
         r.content AS result, r.i AS result_at, r.content GLOB 'Error*' OR r.content GLOB '# var_* = "Error*' AS refused, FALSE AS gold
  FROM (SELECT line, i, k, tool, together, spoke,
               CASE WHEN json_valid(said) THEN said
                    WHEN json_valid(replace(replace(replace(said, '"[', '['), ']"', ']'), '''', '"')) THEN replace(replace(replace(said, '"[', '['), ']"', ']'), '''', '"')
               END AS arguments
        FROM (SELECT m.line, m.i, c.key AS k, json_array_length(m.calls) AS together, trim(m.content) <> '' AS spoke,
                     ifnull(c.value ->> '$.function.name', c.value ->> 'name') AS tool,
                     ifnull(c.value ->> '$.function.arguments', c.value -> 'arguments') AS said
              FROM message m, json_each(m.calls) c)) c
  LEFT JOIN message r ON r.line = c.line AND r.role = 'tool' AND r.i = c.i + 1 + c.k
  UNION ALL
  SELECT g.line, 1 + a.key, 0, g.line * 100000 + (1 + a.key) * 50, a.value ->> 'name', ifnull(a.value -> 'kwargs', a.value -> 'arguments'),
         1, FALSE, NULL, 1 + a.key, FALSE, TRUE
  FROM gold g, json_each(g.actions) a;
CREATE INDEX temp.call_place ON call (line, tool, event);
CREATE INDEX temp.call_event ON call (event);

INSERT INTO runs SELECT run, task FROM talk ORDER BY line;

INSERT INTO events (event, run, seq, at, role, capability, case_id, session, agent, effect, known_at, arguments)
  SELECT event, run, row_number() OVER (PARTITION BY line ORDER BY i, k), iso_ms('2024-05-15T15:00:00-05:00') + i * 1000, 'desk_agent',
         tool, run, run, collection, CASE WHEN refused OR result_at IS NULL THEN 'failed' ELSE 'executed' END,
         iso_ms('2024-05-15T15:00:00-05:00') + result_at * 1000, arguments
  FROM call JOIN talk USING (line);

-- The database as it stands when a run begins.
CREATE TEMP TABLE method AS
  SELECT users.json ->> 'key' AS user, m.key AS id, m.value ->> 'source' AS source, m.value ->> 'balance' AS balance
  FROM users, json_each(users.json, '$.value.payment_methods') m;
CREATE INDEX temp.method_id ON method (user, id);
CREATE TEMP TABLE shop_order AS
  SELECT json ->> 'key' AS id, json ->> '$.value.user_id' AS user, json ->> '$.value.status' AS status, json -> '$.value.items' AS items,
         json ->> '$.value.payment_history[0].payment_method_id' AS paid_with,
         json ->> '$.value.payment_history[0].amount' AS total
  FROM orders;
CREATE INDEX temp.shop_order_id ON shop_order (id);
CREATE TEMP TABLE variant AS
  SELECT v.key AS item, products.json ->> 'key' AS product, v.value ->> 'available' AS available, v.value ->> 'price' AS price
  FROM products, json_each(products.json, '$.value.variants') v;
CREATE INDEX temp.variant_item ON variant (item);

-- Each writing call with its order as this run has left it: a call of the run's own that took effect changes the status.
CREATE TEMP TABLE write AS
  SELECT c.event, c.line, c.i, c.k, c.tool, c.arguments, c.gold, c.refused, c.arguments ->> 'order_id' AS asked_order, o.id AS shop_order,
         CASE WHEN c.tool = 'modify_user_address' THEN c.arguments ->> 'user_id' ELSE o.user END AS user,
         o.items, o.total, c.arguments ->> 'payment_method_id' AS pays_with,
         ifnull((SELECT e.arguments ->> 'payment_method_id' FROM call e WHERE e.line = c.line AND e.tool = 'modify_pending_order_payment' AND e.event < c.event
                   AND NOT e.refused AND e.arguments ->> 'order_id' = o.id ORDER BY e.event DESC LIMIT 1), o.paid_with) AS paid_with,
         ifnull((SELECT CASE e.tool WHEN 'cancel_pending_order' THEN 'cancelled' WHEN 'modify_pending_order_items' THEN 'items_changed'
                                    WHEN 'return_delivered_order_items' THEN 'return_requested' ELSE 'exchange_requested' END
                 FROM call e WHERE e.line = c.line AND e.event < c.event AND NOT e.refused AND e.arguments ->> 'order_id' = o.id
                   AND e.tool IN ('cancel_pending_order', 'modify_pending_order_items', 'return_delivered_order_items', 'exchange_delivered_order_items')
                 ORDER BY e.event DESC LIMIT 1), o.status) AS status
  FROM call c LEFT JOIN shop_order o ON o.id = c.arguments ->> 'order_id'
  WHERE c.tool IN ('cancel_pending_order', 'modify_pending_order_address', 'modify_pending_order_payment', 'modify_pending_order_items',
                   'return_delivered_order_items', 'exchange_delivered_order_items', 'modify_user_address');
CREATE INDEX temp.write_event ON write (event);

-- Which items a call gives and takes, pair by pair: the k-th of the one list for the k-th of the other.
CREATE TEMP TABLE item AS
  SELECT w.event, w.shop_order, g.key AS k, g.value AS old, w.arguments ->> ('$.new_item_ids[' || g.key || ']') AS new,
         count(*) OVER (PARTITION BY w.event, g.value) AS wanted,
         (SELECT count(*) FROM json_each(w.items) o WHERE o.value ->> 'item_id' = g.value) AS there,
         (SELECT max(o.value ->> 'price') FROM json_each(w.items) o WHERE o.value ->> 'item_id' = g.value) AS old_price,
         (SELECT max(o.value ->> 'product_id') FROM json_each(w.items) o WHERE o.value ->> 'item_id' = g.value) AS old_product
  FROM write w, json_each(w.arguments, '$.item_ids') g WHERE json_type(w.arguments, '$.item_ids') = 'array';
CREATE INDEX temp.item_event ON item (event);

INSERT INTO facts (event, name, value)
  SELECT event, 'calls_at_once', together FROM call
  UNION ALL SELECT event, 'spoke', truth(spoke) FROM call;

-- What the conversation shows. In a run of right actions everybody was asked, found and said yes.
CREATE TEMP TABLE said AS
  SELECT w.event, w.gold,
         (SELECT ' ' || lower(replace(replace(replace(replace(replace(m.content, ',', ' '), '.', ' '), '!', ' '), char(10), ' '), '''', ' ')) || ' '
          FROM message m WHERE m.line = w.line AND m.role = 'user' AND m.i < w.i ORDER BY m.i DESC LIMIT 1) AS last_words
  FROM write w;
CREATE TEMP TABLE found AS
  SELECT c.line, c.event, c.result FROM call c
  WHERE c.tool IN ('find_user_id_by_email', 'find_user_id_by_name_zip') AND NOT c.refused AND c.result IS NOT NULL;
CREATE INDEX temp.found_line ON found (line, event);

INSERT INTO facts (event, name, value)
  SELECT event, 'confirmation.customer', truth(gold
         OR last_words GLOB '* yes *' OR last_words GLOB '* confirm*' OR last_words GLOB '* proceed *' OR last_words GLOB '* go ahead *'
         OR last_words GLOB '* sure *' OR last_words GLOB '* okay *' OR last_words GLOB '* ok *' OR last_words GLOB '* sounds good *'
         OR last_words GLOB '* that works *' OR last_words GLOB '* correct *' OR last_words GLOB '* perfect *' OR last_words GLOB '* please do *')
  FROM said
  UNION ALL
  SELECT w.event, 'customer.identified', truth(gold OR EXISTS (SELECT 1 FROM found f WHERE f.line = w.line AND f.event < w.event AND instr(f.result, w.user)))
  FROM write w WHERE w.user IS NOT NULL
  UNION ALL
  SELECT w.event, 'customer.others', (SELECT count(DISTINCT f.result) FROM found f WHERE f.line = w.line AND f.event < w.event AND NOT instr(f.result, w.user))
  FROM write w WHERE w.user IS NOT NULL
  UNION ALL
  SELECT w.event, 'evidence.order_lookup', ms_iso(events.at) FROM write w JOIN events USING (event) WHERE w.gold
  UNION ALL
  SELECT w.event, 'evidence.order_lookup.about.order_id', asked_order FROM write w WHERE w.gold AND asked_order IS NOT NULL;

-- A loop: the very same call, answered three times before, again.
INSERT INTO facts (event, name, value)
  SELECT event, 'pressure.loop', CASE WHEN again < 3 THEN 'none' WHEN again < 6 THEN 'rising' ELSE 'stuck' END
  FROM (SELECT c.event, (SELECT count(*) FROM call b WHERE b.line = c.line AND b.tool = c.tool AND b.event < c.event AND b.result_at < c.i
                           AND b.arguments = c.arguments) AS again
        FROM call c JOIN write USING (event));

INSERT INTO facts (event, name, value)
  SELECT event, 'order.known', truth(shop_order IS NOT NULL) FROM write WHERE tool <> 'modify_user_address'
  UNION ALL SELECT event, 'order.status', status FROM write WHERE shop_order IS NOT NULL
  UNION ALL SELECT event, 'order.total', money(printf('%.2f', total), 'USD') FROM write WHERE shop_order IS NOT NULL AND tool = 'modify_pending_order_payment';

INSERT INTO facts (event, name, value)
  SELECT event, 'payment.source', ifnull((SELECT source FROM method m WHERE m.user = w.user AND m.id = w.pays_with), 'foreign') FROM write w
    WHERE pays_with IS NOT NULL AND w.user IS NOT NULL
  UNION ALL SELECT event, 'payment.original', truth(pays_with = paid_with) FROM write w WHERE pays_with IS NOT NULL AND shop_order IS NOT NULL
  UNION ALL SELECT event, 'payment.balance', money(printf('%.2f', m.balance), 'USD') FROM write w JOIN method m ON m.user = w.user AND m.id = w.pays_with
    WHERE m.balance IS NOT NULL;

INSERT INTO facts (event, name, value)
  SELECT event, 'items.not_in_order', (SELECT count(*) FROM item i WHERE i.event = w.event AND i.wanted > i.there) FROM write w
    WHERE tool IN ('modify_pending_order_items', 'exchange_delivered_order_items', 'return_delivered_order_items') AND shop_order IS NOT NULL
  UNION ALL
  SELECT event, 'items.same', (SELECT count(*) FROM item i WHERE i.event = w.event AND i.old = i.new) FROM write w
    WHERE tool IN ('modify_pending_order_items', 'exchange_delivered_order_items') AND shop_order IS NOT NULL
  UNION ALL
  SELECT event, 'items.unavailable', (SELECT count(*) FROM json_each(w.arguments, '$.new_item_ids') n
      WHERE NOT EXISTS (SELECT 1 FROM variant v WHERE v.item = n.value AND v.available)) FROM write w
    WHERE tool IN ('modify_pending_order_items', 'exchange_delivered_order_items') AND shop_order IS NOT NULL
  UNION ALL
  SELECT event, 'items.of_another_kind', (SELECT count(*) FROM item i JOIN variant v ON v.item = i.new WHERE i.event = w.event AND v.product <> i.old_product) FROM write w
    WHERE tool IN ('modify_pending_order_items', 'exchange_delivered_order_items') AND shop_order IS NOT NULL
  UNION ALL
  -- What the customer still has to pay; nothing where money goes back, nor where a price is not known.
  SELECT event, 'price.difference', money(printf('%.2f', max(0, (SELECT total(v.price) - total(i.old_price) FROM item i JOIN variant v ON v.item = i.new WHERE i.event = w.event))), 'USD')
    FROM write w WHERE tool IN ('modify_pending_order_items', 'exchange_delivered_order_items') AND shop_order IS NOT NULL;

INSERT INTO labels (run, event, name, value, origin)
  SELECT run, NULL, 'kind', kind, 'mapping' FROM talk
  UNION ALL SELECT run, NULL, 'rules', CASE format WHEN 'tau1' THEN 'first' ELSE 'second' END, 'mapping' FROM talk
  UNION ALL SELECT run, NULL, 'collection', collection, 'recording' FROM talk
  UNION ALL SELECT run, NULL, 'reward', reward, 'benchmark' FROM talk WHERE reward IS NOT NULL
  UNION ALL SELECT run, event, 'api', 'refused', 'recording' FROM write JOIN talk USING (line) WHERE refused;
