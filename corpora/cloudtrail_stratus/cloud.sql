-- A cloud account under attack (CloudTrail, Stratus Red Team): one line is one call as the account recorded it.
--
-- The whole recording is one run. What a call is about is read off its parameters; what the caller says about itself,
-- its user agent above all, is never a fact: the labels are made from it.

INSERT INTO meta VALUES
  ('source', 'invictus-ir/aws_dataset, CloudTrail of a Stratus Red Team session'),
  ('licence', 'MIT (Invictus IR)');

CREATE TEMP TABLE record AS
  SELECT line, lines.json ->> 'eventName' AS name, lines.json ->> 'readOnly' AS reads, iso_ms(lines.json ->> 'eventTime') AS at,
         lines.json ->> '$.userIdentity.type' AS kind, ifnull(lines.json ->> '$.userIdentity.arn', '') AS arn,
         ifnull(lines.json ->> '$.userIdentity.userName', '') AS user, lines.json ->> 'sourceIPAddress' AS source,
         ifnull(lines.json -> 'requestParameters', '{}') AS p, lines.json ->> 'errorCode' AS error,
         lines.json ->> '$._label.authz_denied' AS refused, lines.json ->> '$._label.attack_tool_event' AS by_tool,
         lines.json ->> '$._label.attack_run' AS attack,
         lines.json ->> '$.userIdentity.accountId' AS account, lines.json ->> '$.additionalEventData.MFAUsed' AS mfa
  FROM lines;

-- In the policy's words. What a service does by itself nobody asked for.
CREATE TEMP TABLE call AS
  SELECT r.*, CASE
      WHEN kind IS NULL OR kind = 'AWSService' OR arn GLOB '*AWSServiceRole*' OR arn GLOB '*/MandoService*' OR source GLOB '*.amazonaws.com' THEN 'service_acts'
      WHEN name IN ('ConsoleLogin', 'CheckMfa') THEN 'sign_in'
      WHEN name IN ('UpdateInstanceInformation', 'UpdateInstanceAssociationStatus', 'PutComplianceItems', 'PutInventory',
                    'ListInstanceAssociations', 'GetDocument') THEN 'report_state'
      WHEN name IN ('GetSecretValue', 'GetPasswordData') OR (name IN ('GetParameter', 'GetParameters') AND p ->> 'withDecryption') THEN 'read_secret'
      WHEN name = 'DescribeInstanceAttribute' AND p ->> 'attribute' = 'userData' THEN 'read_start_script'
      WHEN name = 'AssumeRole' THEN 'take_role'
      WHEN reads THEN 'look'
      WHEN name IN ('StopLogging', 'DeleteTrail', 'PutEventSelectors', 'UpdateTrail', 'DeleteFlowLogs', 'DeleteLogGroup') THEN 'change_logging'
      WHEN name IN ('PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketLifecycle', 'DeleteBucketLifecycle') THEN 'change_bucket'
      WHEN name IN ('ModifySnapshotAttribute', 'ModifyImageAttribute', 'ModifyDBSnapshotAttribute', 'AddPermission20150331v2', 'RemovePermission20150331v2') THEN 'share_data'
      WHEN name IN ('CreateUser', 'CreateLoginProfile', 'CreateAccessKey') THEN 'let_in'
      WHEN name IN ('AttachUserPolicy', 'AttachRolePolicy', 'PutRolePolicy', 'UpdateAssumeRolePolicy', 'CreateRole', 'CreatePolicy', 'CreateTrustAnchor') THEN 'give_rights'
      WHEN name IN ('AuthorizeSecurityGroupIngress') THEN 'open_network'
      WHEN name = 'RunInstances' THEN 'start_machines'
      WHEN name IN ('SendCommand', 'UpdateFunctionCode20150331v2') OR (name = 'ModifyInstanceAttribute' AND p -> 'userData' IS NOT NULL) THEN 'run_on_machine'
      WHEN name = 'LeaveOrganization' THEN 'leave'
      ELSE 'build' END AS capability,
    CASE WHEN arn GLOB '*/i-*' THEN 'machine' WHEN user = 'operator-2' THEN 'engineer' ELSE 'automation' END AS role
  FROM record r;

INSERT INTO runs VALUES ('session', 'account');

INSERT INTO events (event, run, seq, at, role, capability, actor, session, agent, effect, known_at)
  SELECT line, 'session', line, at, iif(capability IN ('service_acts', 'sign_in'), NULL, role), capability, arn, 'session',
         CASE WHEN user <> '' THEN user ELSE arn END,
         CASE WHEN capability IN ('service_acts', 'sign_in') THEN 'noted' WHEN error IS NOT NULL THEN 'failed' ELSE 'executed' END, at
  FROM call;

INSERT INTO facts (event, name, value)
  SELECT line, 'refusals', (SELECT count(*) FROM call b WHERE b.arn = c.arn AND b.capability = c.capability AND b.refused AND b.line < c.line AND b.at > c.at - 600000)
  FROM call c WHERE capability IN ('read_secret', 'read_start_script')
  UNION ALL
  -- A machine's own addresses are those from which it reports.
  SELECT line, 'credentials.at_home', truth(role <> 'machine' OR source IN (SELECT b.source FROM call b WHERE b.arn = c.arn AND b.capability = 'report_state'))
  FROM call c WHERE capability NOT IN ('service_acts', 'sign_in');

INSERT INTO facts (event, name, value)
  SELECT line, 'secret', ifnull(p ->> 'secretId', ifnull(p ->> 'name', ifnull(p ->> 'instanceId', p -> 'names'))) FROM call WHERE capability = 'read_secret'
  UNION ALL SELECT line, 'secrets', ifnull(json_array_length(p, '$.names'), 1) FROM call WHERE capability = 'read_secret'
  UNION ALL SELECT line, 'machines', ifnull((SELECT sum(i.value ->> 'maxCount') FROM json_each(p, '$.instancesSet.items') i), 1) FROM call WHERE capability = 'start_machines'
  UNION ALL SELECT line, 'machine.usual', truth(p ->> 'instanceType' GLOB 't3.*') FROM call WHERE capability = 'start_machines'
  UNION ALL SELECT line, 'data.is_lost', truth(name IN ('DeleteBucket', 'DeleteVolume', 'DeleteSnapshot', 'DeleteDBInstance', 'DeleteDBSnapshot', 'DeleteSecret', 'DeleteParameter'))
    FROM call WHERE capability = 'build'
  UNION ALL SELECT line, 'second_factor', truth(mfa = 'Yes') FROM call WHERE capability = 'sign_in' AND mfa IS NOT NULL;

-- A policy on a bucket names somebody of another account; the bucket of a trail keeps logs.
INSERT INTO facts (event, name, value)
  SELECT line, 'shared.outside',
         truth(instr(p, 'arn:aws:iam::') > 0 AND NOT instr(p, 'arn:aws:iam::' || account)) FROM call WHERE capability = 'change_bucket'
  UNION ALL SELECT line, 'bucket.keeps_logs', truth(instr(p, '-ctlr-') + instr(p, '-ctes-') + instr(p, 'cloudtrail') > 0) FROM call WHERE capability = 'change_bucket'
  UNION ALL SELECT line, 'shared.outside', truth(p -> '$.createVolumePermission.add' IS NOT NULL OR p -> '$.launchPermission.add' IS NOT NULL
                                                 OR p -> 'valuesToAdd' IS NOT NULL OR ifnull(p ->> 'principal' = '*', FALSE))
    FROM call WHERE capability = 'share_data';

INSERT INTO facts (event, name, value)
  SELECT line, 'rights.are_broad', truth(instr(p, 'AdministratorAccess') > 0 OR instr(replace(p, ' ', ''), '\"Action\":\"*\"') > 0) FROM call WHERE capability = 'give_rights'
  UNION ALL SELECT line, 'rights.for_outsiders',
         truth(name = 'CreateTrustAnchor' OR (instr(p, '\"AWS\"') > 0 AND NOT instr(p, 'arn:aws:iam::' || account))) FROM call WHERE capability = 'give_rights'
  UNION ALL SELECT line, 'network.from_anywhere', truth(instr(p, '0.0.0.0/0') > 0) FROM call WHERE capability = 'open_network'
  UNION ALL SELECT line, 'network.port', ifnull(p ->> 'fromPort', p ->> '$.ipPermissions.items[0].fromPort') FROM call WHERE capability = 'open_network';

-- What the exercise did, by the public names of its techniques; the tool's preparations carry no such label.
INSERT INTO labels (run, event, name, value, origin)
  SELECT 'session', line, 'technique', CASE
      WHEN name = 'GetPasswordData' THEN 'ec2-get-password-data'
      WHEN capability = 'look' AND role = 'machine' AND source GLOB '192.168.*' THEN 'ec2-steal-instance-credentials'
      WHEN name = 'GetSecretValue' THEN 'secretsmanager-retrieve-secrets'
      WHEN name = 'GetParameters' THEN 'ssm-retrieve-securestring-parameters'
      WHEN name = 'DeleteTrail' AND by_tool THEN 'cloudtrail-delete'
      WHEN name = 'PutEventSelectors' AND p ->> '$.eventSelectors[0].includeManagementEvents' = 0 THEN 'cloudtrail-event-selectors'
      WHEN name = 'PutBucketLifecycle' THEN 'cloudtrail-lifecycle-rule'
      WHEN name = 'StopLogging' THEN 'cloudtrail-stop'
      WHEN name = 'LeaveOrganization' THEN 'organizations-leave'
      WHEN name = 'DeleteFlowLogs' THEN 'vpc-remove-flow-logs'
      WHEN capability = 'read_start_script' AND kind = 'AssumedRole' THEN 'ec2-download-user-data'
      WHEN name = 'RunInstances' AND kind = 'AssumedRole' THEN 'ec2-launch-unusual-instances'
      WHEN name = 'SendCommand' THEN 'ssm-send-command'
      WHEN name = 'AuthorizeSecurityGroupIngress' AND p ->> 'fromPort' = 22 THEN 'ec2-security-group-open-port-22'
      WHEN name = 'ModifyImageAttribute' AND p -> '$.launchPermission.add' IS NOT NULL THEN 'ec2-share-ami'
      WHEN name = 'ModifySnapshotAttribute' AND p -> '$.createVolumePermission.add' IS NOT NULL THEN 'ec2-share-ebs-snapshot'
      WHEN name = 'ModifyDBSnapshotAttribute' AND p -> 'valuesToAdd' IS NOT NULL THEN 'rds-share-snapshot'
      WHEN name = 'PutBucketPolicy' AND instr(p, 'root') THEN 's3-backdoor-bucket-policy'
      WHEN name = 'UpdateAssumeRolePolicy' AND instr(p, '\"AWS\"') THEN 'iam-backdoor-role'
      WHEN name = 'CreateAccessKey' AND instr(p, 'backdoor') THEN 'iam-backdoor-user'
      WHEN name = 'AttachUserPolicy' AND instr(p, 'Administrator') THEN 'iam-create-admin-user'
      WHEN name = 'CreateLoginProfile' THEN 'iam-create-user-login-profile'
      WHEN name = 'AddPermission20150331v2' THEN 'lambda-backdoor-function'
      WHEN name = 'UpdateFunctionCode20150331v2' THEN 'lambda-overwrite-code'
      WHEN name = 'CreateTrustAnchor' THEN 'rolesanywhere-create-trust-anchor' END, 'mapping'
  FROM call
  WHERE (by_tool OR (capability = 'look' AND role = 'machine' AND source GLOB '192.168.*'))
    AND (name IN ('GetPasswordData', 'GetSecretValue', 'GetParameters', 'DeleteTrail', 'PutBucketLifecycle', 'StopLogging', 'LeaveOrganization', 'DeleteFlowLogs',
                  'SendCommand', 'CreateLoginProfile', 'AddPermission20150331v2', 'UpdateFunctionCode20150331v2', 'CreateTrustAnchor')
      OR (name = 'PutEventSelectors' AND p ->> '$.eventSelectors[0].includeManagementEvents' = 0)
      OR (capability = 'look' AND role = 'machine' AND source GLOB '192.168.*')
      OR (capability = 'read_start_script' AND kind = 'AssumedRole') OR (name = 'RunInstances' AND kind = 'AssumedRole')
      OR (name = 'AuthorizeSecurityGroupIngress' AND p ->> 'fromPort' = 22)
      OR (name = 'ModifyImageAttribute' AND p -> '$.launchPermission.add' IS NOT NULL)
      OR (name = 'ModifySnapshotAttribute' AND p -> '$.createVolumePermission.add' IS NOT NULL)
      OR (name = 'ModifyDBSnapshotAttribute' AND p -> 'valuesToAdd' IS NOT NULL)
      OR (name = 'PutBucketPolicy' AND instr(p, 'root')) OR (name = 'UpdateAssumeRolePolicy' AND instr(p, '\"AWS\"'))
      OR (name = 'CreateAccessKey' AND instr(p, 'backdoor')) OR (name = 'AttachUserPolicy' AND instr(p, 'Administrator')));
INSERT INTO labels (run, event, name, value, origin)
  SELECT 'session', line, 'asked_by', CASE WHEN by_tool THEN 'the exercise' ELSE 'others' END, 'recording' FROM call;
