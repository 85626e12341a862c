-- Purchase orders of a coatings company (BPI Challenge 2019): one line is one order item with its events in file order.
--
-- Rows of one minute stand in the order of the file, which is significant: seq is that order, `at` is as recorded.
-- What a person or a batch job did is an event with its user; an outside party's document is an event nobody requested.

INSERT INTO meta VALUES
  ('source', 'BPI Challenge 2019, van Dongen, 4TU.ResearchData, doi 10.4121/uuid:d06aff4b-79f0-45e6-8ec8-e19730c248f1'),
  ('licence', 'CC BY 4.0');

-- Activities in the policy's words, the office that performs them, and who asks: `noted` is what only arrives.
CREATE TEMP TABLE activity (name TEXT, capability TEXT, role TEXT);
INSERT INTO activity VALUES
  ('Create Purchase Order Item',         'create_order_item',       'buyer'),
  ('Change Approval for Purchase Order', 'change_order_approval',   'buyer'),
  ('Create Purchase Requisition Item',   'create_requisition_item', 'buyer'),
  ('Release Purchase Requisition',       'release_requisition',     'buyer'),
  ('Change Price',                       'change_price',            'buyer'),
  ('Change Quantity',                    'change_quantity',         'buyer'),
  ('Change Delivery Indicator',          'change_delivery',         'buyer'),
  ('Change Storage Location',            'change_storage',          'buyer'),
  ('Delete Purchase Order Item',         'delete_order_item',       'buyer'),
  ('Reactivate Purchase Order Item',     'reactivate_order_item',   'buyer'),
  ('Record Goods Receipt',               'record_goods_receipt',    'receiver'),
  ('Cancel Goods Receipt',               'cancel_goods_receipt',    'receiver'),
  ('Record Service Entry Sheet',         'record_service_entry',    'receiver'),
  ('Record Invoice Receipt',             'record_invoice_receipt',  'invoice_clerk'),
  ('Cancel Invoice Receipt',             'cancel_invoice_receipt',  'invoice_clerk'),
  ('Record Subsequent Invoice',          'record_subsequent_invoice', 'invoice_clerk'),
  ('Cancel Subsequent Invoice',          'cancel_subsequent_invoice', 'invoice_clerk'),
  ('Set Payment Block',                  'set_payment_block',       'invoice_clerk'),
  ('Remove Payment Block',               'remove_payment_block',    'invoice_clerk'),
  ('Clear Invoice',                      'clear_invoice',           'payer'),
  ('Vendor creates invoice',             'vendor_creates_invoice',  NULL),
  ('Vendor creates debit memo',          'vendor_creates_debit_memo', NULL),
  ('Receive Order Confirmation',         'receive_order_confirmation', NULL),
  ('Update Order Confirmation',          'update_order_confirmation', NULL);

CREATE TEMP TABLE item AS
  SELECT line, lines.json ->> 'case_id' AS run,
         CASE lines.json ->> 'flow'
           WHEN 'Consignment' THEN 'consignment'
           WHEN '2-way match' THEN 'two_way'
           WHEN '3-way match, invoice after GR' THEN 'three_way_invoice_after_receipt'
           WHEN '3-way match, invoice before GR' THEN 'three_way_invoice_before_receipt'
           ELSE lines.json ->> 'flow' END AS flow,
         CASE lines.json ->> 'document_class' WHEN 'EC' THEN 'ec' WHEN 'non-EC' THEN 'non_ec' ELSE 'unstated' END AS document_class,
         ifnull(lines.json ->> '$.attrs.Vendor', lines.json ->> 'case_id') AS vendor
  FROM lines;

-- Items of one vendor are not independent; where the vendor is not given, the item stands for itself.
INSERT INTO runs SELECT run, vendor FROM item ORDER BY line;

CREATE TEMP TABLE step AS
  SELECT item.line * 10000 + e.key AS event, item.run, item.flow, item.document_class, e.key AS seq,
         iso_ms(e.value ->> 'timestamp') AS at, e.value ->> 'activity' AS name, e.value ->> 'user' AS user
  FROM lines JOIN item USING (line), json_each(lines.json, '$.events') e;

-- An activity that the list above lacks keeps its own name, so that `corpus check` shows it.
INSERT INTO events (event, run, seq, at, role, capability, actor, effect, known_at)
  SELECT event, run, seq, at, role, ifnull(capability, step.name), user,
         CASE WHEN capability IS NOT NULL AND role IS NULL THEN 'noted' ELSE 'executed' END, at
  FROM step LEFT JOIN activity ON activity.name = step.name;

INSERT INTO facts (event, name, value)
  SELECT event, 'order_item', run FROM step
  UNION ALL SELECT event, 'flow', flow FROM step
  UNION ALL SELECT event, 'document_class', document_class FROM step;
