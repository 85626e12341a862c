-- An airline's service desk: what its host would have known before each call of the agent.
--
-- One line is one conversation, in either of two recordings (tau1, tau2). Beside the conversations come the actions
-- that the task's authors think right, one run per task: nobody talks there, so what only a conversation shows is given.
-- Neither recording has a clock: message i stands at second i after "now", which is 2024-05-15 15:00 EST for every run.
-- Attached: users, reservations, flights (one row {key, value} each, the state when a run begins) and tasks.
-- README.md says what each fact and label means.

INSERT INTO meta VALUES
  ('source', 'tau-bench and tau2-bench (Sierra), airline domain'),
  ('licence', 'MIT'),
  ('times', 'none recorded: message i is placed at second i of its run');

-- Conversations, and the runs of right actions, as rows; `line` tells them apart.
CREATE TEMP TABLE talk AS
  SELECT line, json ->> 'run_id' AS run, json ->> 'format' AS format, json ->> 'collection' AS collection,
         json ->> 'task_id' AS task, printf('%g', json ->> 'reward') AS reward, 'agent' AS kind, json ->> 'agent_llm' AS model,
         CASE json ->> 'format' WHEN 'tau1' THEN json -> '$.run.traj' ELSE json -> '$.run.messages' END AS messages
  FROM lines;

-- The tasks of the four tau2 collections are the same, where they have the same number.
CREATE TEMP TABLE gold AS
  SELECT 100000 + min(line) AS line, 'tau1' AS format, json ->> 'task_id' AS task, json ->> '$.run.info.task.instruction' AS told,
         json -> '$.run.info.task.actions' AS actions
  FROM lines WHERE json ->> 'format' = 'tau1' GROUP BY json ->> 'task_id'
  UNION ALL
  SELECT 200000 + min(line), 'tau2', json ->> '$.task.id', (json -> '$.task.user_scenario') || '',
         ifnull(json -> '$.task.evaluation_criteria.actions', '[]')
  FROM tasks GROUP BY json ->> '$.task.id';

INSERT INTO talk
  SELECT line, 'gold/' || format || '/task' || task, format, 'gold', task, NULL, 'gold', 'gold',
         json_array(json_object('role', 'user', 'content', told)) FROM gold;

CREATE TEMP TABLE message AS
  SELECT t.line, m.key AS i, m.value ->> 'role' AS role, ifnull(m.value ->> 'content', '') AS content,
         CASE WHEN json_type(m.value, '$.tool_calls') = 'array' THEN m.value -> 'tool_calls' ELSE '[]' END AS calls
  FROM talk t, json_each(t.messages) m;
CREATE INDEX temp.message_place ON message (line, role, i);

-- A result is the tool message at the call's own place behind its batch.
CREATE TEMP TABLE call AS
  SELECT c.line, c.i, c.k, c.line * 100000 + c.i * 50 + c.k AS event, c.tool, c.arguments, c.together, c.spoke,
         r.content AS result, r.i AS result_at, r.content GLOB 'Error*' AS refused,
         c.arguments ->> 'user_id' AS user, c.arguments ->> 'reservation_id' AS reservation, FALSE AS gold
  FROM (SELECT m.line, m.i, c.key AS k, json_array_length(m.calls) AS together, trim(m.content) <> '' AS spoke,
               ifnull(c.value ->> '$.function.name', c.value ->> 'name') AS tool,
               ifnull(c.value ->> '$.function.arguments', c.value -> 'arguments') AS arguments
        FROM message m, json_each(m.calls) c) c
  LEFT JOIN message r ON r.line = c.line AND r.role = 'tool' AND r.i = c.i + 1 + c.k
  UNION ALL
  SELECT g.line, 1 + a.key, 0, g.line * 100000 + (1 + a.key) * 50, a.value ->> 'name',
         ifnull(a.value -> 'kwargs', a.value -> 'arguments'), 1, FALSE, NULL, 1 + a.key, FALSE,
         ifnull(a.value ->> '$.kwargs.user_id', a.value ->> '$.arguments.user_id'),
         ifnull(a.value ->> '$.kwargs.reservation_id', a.value ->> '$.arguments.reservation_id'), TRUE
  FROM gold g, json_each(g.actions) a;
CREATE INDEX temp.call_place ON call (line, tool, event);
CREATE INDEX temp.call_event ON call (event);

INSERT INTO runs SELECT run, format || '/task' || task FROM talk ORDER BY line;

INSERT INTO events (event, run, seq, at, role, capability, case_id, session, agent, effect, known_at, arguments)
  SELECT event, run, row_number() OVER (PARTITION BY line ORDER BY i, k), iso_ms('2024-05-15T15:00:00-05:00') + i * 1000, 'desk_agent',
         CASE WHEN tool IN ('search_direct_flight', 'search_onestop_flight') THEN 'search_flight' ELSE tool END,
         run, run, model, CASE WHEN refused OR result_at IS NULL THEN 'failed' ELSE 'executed' END,
         iso_ms('2024-05-15T15:00:00-05:00') + result_at * 1000, arguments
  FROM call JOIN talk USING (line);

-- The database as it stands when a run begins, and what was booked during the run.
CREATE TEMP TABLE customer AS
  SELECT json ->> 'key' AS user, json ->> '$.value.membership' AS membership, json -> '$.value.payment_methods' AS methods FROM users;
CREATE INDEX temp.customer_user ON customer (user);

CREATE TEMP TABLE booking AS
  SELECT 0 AS line, json -> 'value' AS r FROM reservations
  UNION ALL
  SELECT line, result FROM call WHERE tool = 'book_reservation' AND NOT refused AND json_valid(result);
CREATE TEMP TABLE reservation AS
  SELECT line, r ->> 'reservation_id' AS reservation, r ->> 'user_id' AS user, r ->> 'origin' AS origin, r ->> 'destination' AS destination,
         r ->> 'flight_type' AS trip, r ->> 'cabin' AS cabin, r -> 'flights' AS flights, json_array_length(r, '$.passengers') AS passengers,
         r ->> 'total_baggages' AS bags, r ->> 'insurance' = 'yes' AS insured, r ->> 'created_at' AS created
  FROM booking;
CREATE INDEX temp.reservation_id ON reservation (reservation, line);

CREATE TEMP TABLE flight AS
  SELECT flights.json ->> '$.value.flight_number' AS number, d.key AS date, flights.json ->> '$.value.origin' AS origin, flights.json ->> '$.value.destination' AS destination,
         d.value ->> 'status' AS status, d.value -> 'prices' AS prices, d.value -> 'available_seats' AS seats,
         d.value ->> 'status' = 'delayed'
           OR iso_ms((d.value ->> 'actual_arrival_time_est') || 'Z') > iso_ms(d.key || 'T' || substr(flights.json ->> '$.value.scheduled_arrival_time_est', 1, 8) || 'Z')
             + 86400000 * ((flights.json ->> '$.value.scheduled_arrival_time_est') GLOB '*+1') AS late
  FROM flights, json_each(flights.json, '$.value.dates') d;
CREATE INDEX temp.flight_day ON flight (number, date);

-- Each writing call with the reservation as this run has left it: what the database had, changed by the run's own calls.
CREATE TEMP TABLE write AS
  SELECT c.event, c.line, c.i, c.tool, c.arguments, c.gold, c.refused, c.result, r.reservation,
         ifnull(r.user, c.user) AS user, ifnull(r.origin, c.arguments ->> 'origin') AS origin,
         ifnull(r.destination, c.arguments ->> 'destination') AS destination, ifnull(r.trip, c.arguments ->> 'flight_type') AS trip,
         ifnull((SELECT e.arguments ->> 'cabin' FROM call e WHERE e.line = c.line AND e.tool = 'update_reservation_flights' AND e.event < c.event
                   AND e.reservation = c.reservation AND NOT e.refused ORDER BY e.event DESC LIMIT 1), r.cabin) AS cabin,
         ifnull((SELECT e.arguments -> 'flights' FROM call e WHERE e.line = c.line AND e.tool = 'update_reservation_flights' AND e.event < c.event
                   AND e.reservation = c.reservation AND NOT e.refused ORDER BY e.event DESC LIMIT 1), r.flights) AS flights,
         ifnull((SELECT e.arguments ->> 'total_baggages' FROM call e WHERE e.line = c.line AND e.tool = 'update_reservation_baggages' AND e.event < c.event
                   AND e.reservation = c.reservation AND NOT e.refused ORDER BY e.event DESC LIMIT 1), r.bags) AS bags,
         r.passengers, r.insured, r.created,
         ifnull(c.arguments ->> 'cabin', r.cabin) AS asked_cabin,
         CASE WHEN c.tool = 'book_reservation' THEN json_array_length(c.arguments, '$.passengers') ELSE r.passengers END AS seats_needed
  FROM call c LEFT JOIN reservation r ON r.reservation = c.reservation AND r.line IN (0, c.line)
  WHERE c.tool IN ('book_reservation', 'cancel_reservation', 'update_reservation_flights', 'update_reservation_baggages',
                   'update_reservation_passengers', 'send_certificate');
CREATE INDEX temp.write_event ON write (event);

-- The flights as they are (asked = 0) and as the call asks for them (asked = 1), each with its day at the airline.
CREATE TEMP TABLE segment AS
  SELECT s.event, s.asked, s.n, s.number, s.date, f.origin, f.destination, f.status, f.late, f.prices, f.seats,
         lag(f.destination) OVER (PARTITION BY s.event, s.asked ORDER BY s.n) AS came_from,
         lead(s.n) OVER (PARTITION BY s.event, s.asked ORDER BY s.n) IS NULL AS is_last
  FROM (SELECT event, 0 AS asked, s.key AS n, s.value ->> 'flight_number' AS number, s.value ->> 'date' AS date FROM write, json_each(flights) s
        UNION ALL
        SELECT event, 1, s.key, s.value ->> 'flight_number', s.value ->> 'date' FROM write, json_each(arguments, '$.flights') s) s
  LEFT JOIN flight f ON f.number = s.number AND f.date = s.date;
CREATE INDEX temp.segment_event ON segment (event, asked, n);

-- What the conversation shows. In a run of right actions everybody was asked and said yes.
CREATE TEMP TABLE said AS
  SELECT w.event, w.gold, w.user,
         (SELECT ' ' || lower(replace(replace(replace(replace(replace(m.content, ',', ' '), '.', ' '), '!', ' '), char(10), ' '), '''', ' ')) || ' '
          FROM message m WHERE m.line = w.line AND m.role = 'user' AND m.i < w.i ORDER BY m.i DESC LIMIT 1) AS last_words,
         (SELECT lower(group_concat(m.content, ' ')) FROM message m WHERE m.line = w.line AND m.role = 'user' AND m.i < w.i) AS all_words
  FROM write w;

INSERT INTO facts (event, name, value)
  SELECT event, 'calls_at_once', together FROM call
  UNION ALL SELECT event, 'spoke', truth(spoke) FROM call;

INSERT INTO facts (event, name, value)
  SELECT event, 'confirmation.customer', truth(gold
         OR last_words GLOB '* yes *' OR last_words GLOB '* confirm*' OR last_words GLOB '* proceed *' OR last_words GLOB '* go ahead *'
         OR last_words GLOB '* sure *' OR last_words GLOB '* okay *' OR last_words GLOB '* ok *' OR last_words GLOB '* sounds good *'
         OR last_words GLOB '* that works *' OR last_words GLOB '* correct *' OR last_words GLOB '* perfect *' OR last_words GLOB '* please do *')
  FROM said
  UNION ALL
  SELECT event, 'customer.named', truth(gold OR instr(all_words, user) > 0) FROM said WHERE user IS NOT NULL
  UNION ALL
  SELECT event, 'cancellation.reason',
         CASE WHEN all_words GLOB '*weather*' OR all_words GLOB '* storm*' THEN 'weather'
              WHEN all_words GLOB '* sick*' OR all_words GLOB '* ill[ .,!]*' OR all_words GLOB '* health*' OR all_words GLOB '* medical*'
                OR all_words GLOB '* unwell*' OR all_words GLOB '* surgery*' OR all_words GLOB '* hospital*' THEN 'health'
              ELSE 'other' END
  FROM said JOIN write USING (event) WHERE tool = 'cancel_reservation';

-- A loop: the very same call, answered three times before, again.
INSERT INTO facts (event, name, value)
  SELECT event, 'pressure.loop', CASE WHEN again < 3 THEN 'none' WHEN again < 6 THEN 'rising' ELSE 'stuck' END
  FROM (SELECT c.event, (SELECT count(*) FROM call b WHERE b.line = c.line AND b.tool = c.tool AND b.event < c.event AND b.result_at < c.i
                           AND b.arguments = c.arguments) AS again
        FROM call c JOIN write USING (event));

-- Evidence of the right actions is taken for granted: their list leaves out most of the looking up.
INSERT INTO facts (event, name, value)
  SELECT w.event, 'evidence.' || e.value, ms_iso(events.at) FROM write w JOIN events USING (event), json_each('["user_lookup", "reservation_lookup", "flight_search"]') e WHERE w.gold
  UNION ALL SELECT event, 'evidence.user_lookup.about.user_id', user FROM write WHERE gold AND user IS NOT NULL
  UNION ALL SELECT event, 'evidence.reservation_lookup.about.reservation_id', arguments ->> 'reservation_id' FROM write WHERE gold AND arguments ->> 'reservation_id' IS NOT NULL;

INSERT INTO facts (event, name, value)
  SELECT event, 'user_id', user FROM write WHERE user IS NOT NULL
  UNION ALL SELECT event, 'reservation.known', truth(reservation IS NOT NULL) FROM write WHERE arguments ->> 'reservation_id' IS NOT NULL
  UNION ALL SELECT event, 'customer.membership', membership FROM write JOIN customer USING (user)
  UNION ALL SELECT event, 'reservation.cabin', cabin FROM write WHERE reservation IS NOT NULL
  UNION ALL SELECT event, 'reservation.bags', bags FROM write WHERE reservation IS NOT NULL
  UNION ALL SELECT event, 'reservation.passengers', passengers FROM write WHERE reservation IS NOT NULL
  UNION ALL SELECT event, 'reservation.insured', truth(insured) FROM write WHERE reservation IS NOT NULL
  UNION ALL SELECT event, 'reservation.booked', created || '-05:00' FROM write WHERE reservation IS NOT NULL
  UNION ALL SELECT event, 'reservation.flown', truth(EXISTS (SELECT 1 FROM segment s WHERE s.event = w.event AND NOT asked AND status IN ('landed', 'flying')))
    FROM write w WHERE reservation IS NOT NULL
  UNION ALL SELECT event, 'reservation.airline_cancelled', truth(EXISTS (SELECT 1 FROM segment s WHERE s.event = w.event AND NOT asked AND status = 'cancelled'))
    FROM write w WHERE reservation IS NOT NULL;

-- What a change or a booking asks for.
CREATE TEMP TABLE asked AS
  SELECT w.event, w.tool, w.asked_cabin, w.seats_needed,
         (SELECT group_concat(number || date, ' ') FROM (SELECT number, date FROM segment s WHERE s.event = w.event AND NOT asked ORDER BY 1, 2))
           IS NOT (SELECT group_concat(number || date, ' ') FROM (SELECT number, date FROM segment s WHERE s.event = w.event AND asked ORDER BY 1, 2)) AS changed,
         w.cabin IS NOT w.asked_cabin AS cabin_changed,
         ifnull((SELECT min(ifnull(s.origin = ifnull(s.came_from, w.origin), FALSE)
                   AND (NOT s.is_last OR s.destination = CASE w.trip WHEN 'round_trip' THEN w.origin ELSE w.destination END))
                 FROM segment s WHERE s.event = w.event AND asked), FALSE)
           AND (w.trip <> 'round_trip' OR EXISTS (SELECT 1 FROM segment s WHERE s.event = w.event AND asked AND s.destination = w.destination)) AS fits
  FROM write w WHERE w.tool IN ('book_reservation', 'update_reservation_flights') AND (w.reservation IS NOT NULL OR w.tool = 'book_reservation');

INSERT INTO facts (event, name, value)
  SELECT event, 'flights.changed', truth(changed) FROM asked WHERE tool = 'update_reservation_flights'
  UNION ALL SELECT event, 'cabin.changed', truth(cabin_changed) FROM asked WHERE tool = 'update_reservation_flights'
  UNION ALL SELECT event, 'route.fits', truth(fits) FROM asked
  -- A flight that is kept in the cabin that it has needs no sale.
  UNION ALL SELECT event, 'flights.unavailable',
      (SELECT count(*) FROM segment s WHERE s.event = a.event AND s.asked AND (s.status IS NOT 'available' OR s.seats ->> a.asked_cabin < a.seats_needed)
         AND (a.cabin_changed OR NOT EXISTS (SELECT 1 FROM segment k WHERE k.event = s.event AND NOT k.asked AND k.number = s.number AND k.date = s.date)))
    FROM asked a
  UNION ALL SELECT event, 'fare.each', money((SELECT sum(s.prices ->> a.asked_cabin) FROM segment s WHERE s.event = a.event AND s.asked), 'USD')
    FROM asked a WHERE tool = 'book_reservation'
      AND NOT EXISTS (SELECT 1 FROM segment s WHERE s.event = a.event AND s.asked AND s.prices ->> a.asked_cabin IS NULL)
  -- The tool says yes or no; a policy says true or false.
  UNION ALL SELECT event, 'insurance', truth(arguments ->> 'insurance' = 'yes') FROM write WHERE tool = 'book_reservation';

-- Who pays with what: only what stands in the customer's own profile has a kind.
CREATE TEMP TABLE payment AS
  SELECT w.event, w.tool, p.value ->> 'payment_id' AS id, c.methods ->> ('$.' || (p.value ->> 'payment_id') || '.source') AS source
  FROM write w LEFT JOIN customer c USING (user), json_each(w.arguments, '$.payment_methods') p WHERE w.tool = 'book_reservation'
  UNION ALL
  SELECT w.event, w.tool, arguments ->> 'payment_id', c.methods ->> ('$.' || (arguments ->> 'payment_id') || '.source')
  FROM write w LEFT JOIN customer c USING (user) WHERE w.tool IN ('update_reservation_flights', 'update_reservation_baggages');
CREATE INDEX temp.payment_event ON payment (event);

INSERT INTO facts (event, name, value)
  SELECT event, 'payments.certificates', (SELECT count(*) FROM payment p WHERE p.event = w.event AND source = 'certificate') FROM write w WHERE tool = 'book_reservation'
  UNION ALL SELECT event, 'payments.credit_cards', (SELECT count(*) FROM payment p WHERE p.event = w.event AND source = 'credit_card') FROM write w WHERE tool = 'book_reservation'
  UNION ALL SELECT event, 'payments.gift_cards', (SELECT count(*) FROM payment p WHERE p.event = w.event AND source = 'gift_card') FROM write w WHERE tool = 'book_reservation'
  UNION ALL SELECT event, 'payments.foreign', (SELECT count(*) FROM payment p WHERE p.event = w.event AND source IS NULL) FROM write w WHERE tool = 'book_reservation'
  UNION ALL SELECT event, 'payment.source', ifnull(source, 'foreign') FROM payment WHERE tool <> 'book_reservation';

-- A gesture answers a complaint about a trip that went wrong: the one of the customer's that the agent looked at last
-- before the call; for the right actions, any of the customer's.
CREATE TEMP TABLE complaint AS
  SELECT g.event, r.reservation, r.passengers, r.insured, r.cabin, s.cancelled, s.late,
         (SELECT max(l.event) FROM call l WHERE l.line = g.line AND l.tool = 'get_reservation_details' AND l.reservation = r.reservation AND l.event < g.event) AS looked
  FROM write g JOIN reservation r ON r.user = g.user AND r.line = 0
  JOIN (SELECT r.reservation, max(f.status = 'cancelled') AS cancelled, max(ifnull(f.late, FALSE)) AS late
        FROM reservation r, json_each(r.flights) s JOIN flight f ON f.number = s.value ->> 'flight_number' AND f.date = s.value ->> 'date'
        WHERE r.line = 0 GROUP BY 1) s USING (reservation)
  WHERE g.tool = 'send_certificate' AND (g.gold OR looked IS NOT NULL);

INSERT INTO facts (event, name, value)
  SELECT event, 'complaint.cancelled_passengers',
         ifnull((SELECT passengers FROM complaint c WHERE c.event = w.event AND cancelled ORDER BY looked DESC LIMIT 1), 0) FROM write w WHERE tool = 'send_certificate'
  UNION ALL
  SELECT event, 'complaint.late_passengers',
         ifnull((SELECT passengers FROM complaint c WHERE c.event = w.event AND late ORDER BY looked DESC LIMIT 1), 0) FROM write w WHERE tool = 'send_certificate'
  UNION ALL
  SELECT event, 'complaint.insured_or_business',
         truth(EXISTS (SELECT 1 FROM complaint c WHERE c.event = w.event AND (cancelled OR late) AND (insured OR cabin = 'business')))
  FROM write w WHERE tool = 'send_certificate';

INSERT INTO labels (run, event, name, value, origin)
  SELECT run, NULL, 'kind', kind, 'mapping' FROM talk
  UNION ALL SELECT run, NULL, 'rules', CASE format WHEN 'tau1' THEN 'first' ELSE 'second' END, 'mapping' FROM talk
  UNION ALL SELECT run, NULL, 'collection', collection, 'recording' FROM talk
  UNION ALL SELECT run, NULL, 'reward', reward, 'benchmark' FROM talk WHERE reward IS NOT NULL
  UNION ALL SELECT run, event, 'api', 'refused', 'recording' FROM write JOIN talk USING (line) WHERE refused;
