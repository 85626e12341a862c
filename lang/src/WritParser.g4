// The grammar of `.writ`, over the tokens of `token_kind.def` (spellings stand for them below).
//
// Layout carries no meaning: no separators, no significant line ends. What makes that possible:
//   - every clause and item starts with a keyword, and no keyword continues an expression;
//   - a reserved word is never a name; every other keyword is listed in `word` and may be one;
//   - two names never stand side by side unless a keyword or a colon stands between them.
// Every choice is made on one token: no rule below needs ANTLR's prediction, and the build's tests hold it
// to that. Words for later are no part of the grammar: wherever one turns up as a keyword, it is an
// unexpected token, and the error strategy answers it with `not-yet` and skips its construct.
// What ANTLR should not decide, the tree builder does: `a or b and c`, `not a and b`, `a < b < c`, and the
// closed lists behind `kind`, `risk`, `as`, types and folds, where it can say what the words would be.
//
// Entry points: header, headerItem, declaration, and `rest` for what follows a brace that came too early.
parser grammar WritParser;
options { tokenVocab = WritTokens; }

header: 'policy' name VERSION (('amends' | 'narrows') name VERSION)? headerItem*;
headerItem
  : STRING
  | 'effective' DATE ('for' 'cases' 'since' name)?
  | 'zone' STRING
  | 'case' 'is' names
  | 'use' name VERSION?
  | 'strict'
  | 'tenant' STRING
  | 'purpose' STRING
  | 'owner' word
  ;

declaration
  : threshold | typeAlias | fact | facts | evidence | role | anchor | capability | let | meter | group
  | pressure | event | lookup | modes | delegation | grant | guard | exceptionBlock | assume | separate
  | sequence | approvals | consent | memory | promotion | budget | sandbox | skill | breaker | intent
  | route | boundary | channel | exposure | hook
  | checkpoint | compaction | models | region | invariant | sample | example
  ;

// ------------------------------------------------------------------ words of the policy
threshold: 'threshold' word '=' value tunable? STRING?;
tunable: 'tunable' range ('by' value)?;
typeAlias: 'type' word '=' type;
fact: 'fact' name was* ':' type source missing? believed?;
facts: 'facts' source missing? believed? '{' factLine* '}';
factLine: (word | DOTTED_NAME) was* (',' name was*)* ':' type missing?;   // not `names`: `5` before it would claim an `EUR`
was: 'was' name;                              // what it was called before
source: ('from' ('evidence' word | word) | 'claimed' 'by' word) ('for' 'critics')?;
believed: 'believed' 'by' word 'because' STRING;
missing: 'missing' ('deny' | 'escalate' | value | setValue);
setValue: '{' (setMember (',' setMember)*)? '}';
setMember: name | STRING;
evidence: 'evidence' word was* 'by' names ('about' names)? 'within' window;
let: 'let' word '=' expr;
meter: 'meter' word was* '=' word name 'per' names ('since' name)? ('within' window)?
  ('including' 'this')?;
window: duration | word;                      // the word: a threshold
group: 'group' word '=' names;
pressure: 'pressure' word enumeration;
event: 'event' word STRING? 'from' word;
lookup: 'table' word '(' names ')' (':' type)? '{' lookupRow* '}';
lookupRow: cells (':' cells)?;                // without a colon: the words above the columns
cells: cell (',' cell)*;
cell: '-'? quantity | constant | word | BROKEN;    // no unit or currency alone: the next row's key would be one
modes: 'modes' enumeration;

// ------------------------------------------------------------------ the organisation
role: 'role' word word ('identity' STRING | 'reports' 'to' word | was)*;
anchor: 'anchor' word was* STRING? '{' anchorItem* '}';
anchorItem
  : 'held' 'by' names
  | 'deputies' names
  | 'absorbs' names
  | 'above' names
  | 'reached' 'by' STRING 'within' duration
  | 'on' 'silence' ('next' 'deputy' ',' 'then')? ('deny' | 'allow' | 'escalate' ('to' word)?)
  | 'asks' word 'first'
  ;

// ------------------------------------------------------------------ capabilities
capability: 'capability' word was* STRING? '{' capabilityItem* '}';
capabilityItem
  : 'kind' word
  | 'risk' riskPart (',' riskPart)*
  | 'system' name
  | 'input' input (',' input)*
  | 'irreversible'
  | 'idempotent' 'by' names
  | 'verify' 'with' word
  | 'undone' 'by' word
  | 'hands' 'over' 'to' word
  | 'runs' word ('in' word)?
  | 'retry' (INT | word) 'times' 'within' duration
  | 'dead' 'letters' 'to' word
  | 'sends' 'on' names
  | 'retained'
  ;
riskPart: word (':' (word | 'true' | 'false'))?;
input: name was* ':' type 'optional'? ('=' word STRING)?;

// ------------------------------------------------------------------ delegations, grants, guards
delegation: 'delegation' word STRING? '{' delegationItem* '}';
delegationItem
  : 'from' word 'to' names
  | 'may' (('freely' | 'propose')? names | 'grant' names 'to' names ('depth' INT)?)
  | 'abstain' 'from' names
  | 'anchor' word
  | 'review' 'every' duration
  | 'expires' expiry
  | account
  | forBlock
  | clause
  ;
rest: delegationItem* '}';
account: 'purpose' STRING | 'controls' STRING (',' STRING)* | 'owner' word;
forBlock: 'for' names '{' clause* '}';
expiry: DATE | duration;
grant: 'grant' word names 'under' word ('expires' expiry)?;
guard: 'guard' word STRING? '{' guardScope? (account | clause)* '}';
guardScope: 'for' ('every' 'capability' | 'capability' 'where' expr | names);
exceptionBlock: 'exception' word 'to' word 'for' names '{' exceptionItem* '}';
exceptionItem
  : 'lifts' ('limit' | 'escalate') names
  | 'up' 'to' expr
  | 'expires' expiry
  | 'by' word
  | 'because' STRING
  ;
assume: 'assume' word ':' 'never' expr STRING?;
clause
  : 'require' ('evidence' names | 'confirmation' 'by' word | expr) STRING?
  | 'ceiling' expr STRING?
  | 'deny' 'when' expr STRING?
  | 'limit' expr ('else' 'deny')? STRING?
  | 'escalate' ('to' word)? ('when' expr)? ('as' word)? STRING?
  | 'allow' ('when' expr)? STRING?
  | 'otherwise' ('allow' | 'deny' | 'escalate' ('to' word)?) STRING?
  | 'note' 'when' expr STRING?
  | 'notify' word 'when' expr STRING?
  | let
  ;

// ------------------------------------------------------------------ what happened before
separate: 'separate' names 'per' 'case' ('when' expr)? STRING?;
sequence: 'sequence' word STRING? 'per' 'case' ('when' expr)? '{' need* '}';
need: (word | DOTTED_NAME)                       // not `name`, as in factLine
  ('needs' ('approval' word | name) | 'never') ('when' expr)? (',' term)* STRING?;
approvals: 'approvals' word 'for' name STRING? '{' stage? laterStage* '}';
laterStage: 'then' stage;
stage: word ('when' expr)? ('unless' 'same' 'person' 'as' word)?;
term
  : 'one' 'each'
  | 'until' name
  | 'since' name
  | 'within' (duration | word)
  | 'else' ('deny' | 'escalate' ('to' word)? ('as' word)? | 'note' | 'notify' word)
  ;

// ------------------------------------------------------------------ memory, the record, budgets
consent: 'consent' word 'over' word STRING? '{' consentItem* '}';
consentItem: 'by' names | 'lasts' duration;
memory: 'memory' word STRING? '{' memoryItem* '}';
memoryItem
  : 'class' word
  | 'tier' word
  | 'consent' word
  | 'written' 'by' names
  | 'recalled' 'by' names
  | decay
  ;
decay
  : 'decay' 'when' ('unused' (duration | word) | 'contradicted' (INT | word) 'times' | 'source' 'changed')
    ('flag' 'to' word | 'demote' | 'expire') STRING?
  ;
promotion: 'promotion' word STRING? 'from' word 'to' word 'in' name '{' transition* '}';
transition: word '->' word 'by' name ('when' expr)? (',' passage)* STRING?;
passage: 'with' INT word | 'not' word;
budget: 'budget' word ('within' word)? STRING? '{' budgetItem* '}';
budgetItem
  : 'for' names
  | 'on' 'exhausted' ('deny' | 'escalate' ('to' word)?)
  | word quantity
  ;

// ------------------------------------------------------------------ how things are carried out
sandbox: 'sandbox' word STRING? '{' sandboxItem* '}';
sandboxItem
  : word (DIGEST | SIZE | quantity | STRING (',' STRING)* | word ('to' STRING (',' STRING)*)?)
  ;
skill: 'skill' word VERSION ('for' names)? STRING? '{' skillItem* '}';
skillItem
  : 'uses' names
  | 'pins' DIGEST (',' DIGEST)*
  | 'tested' 'by' STRING (',' STRING)*
  ;
breaker: 'breaker' word STRING? '{' breakerItem* '}';
breakerItem
  : 'for' names
  | 'trips' 'after' (INT | word) word 'within' (duration | word)
  | 'while' word ('deny' | 'escalate' ('to' word)?)
  ;

// ------------------------------------------------------------------ who works on what
intent: 'intent' word STRING? '{' intentItem* '}';
intentItem
  : 'class' word
  | 'decision' word '{' decisionItem* '}'
  | 'complete' 'by' names 'when' proof ('and' proof)*
  ;
decisionItem: 'owner' word | 'outcomes' names | 'evidence' word;
proof: 'evidence' names | 'verified';
route: 'route' word 'to' names ('by' word)? STRING?;
boundary: 'boundary' word STRING? '{' boundaryItem* '}';
boundaryItem
  : 'part' word 'of' names
  | 'handoff' word 'to' word 'by' name ('when' expr)? STRING?
  ;

// ------------------------------------------------------------------ what may leave, what is answered for
channel: 'channel' word STRING? '{' channelItem* '}';
channelItem
  : 'carries' 'up' 'to' word
  | 'above' ('deny' | 'escalate' ('to' word)?)
  ;
exposure: 'exposure' word 'of' names STRING? '{' exposureItem* '}';
exposureItem
  : 'sums' name 'of' names
  | 'counts' word
  | 'within' (duration | word)
  | 'up' 'to' value
  | 'above' ('deny' | 'escalate' ('to' word)? | 'notify' word)
  ;

// ------------------------------------------------------------------ what comes between the steps
hook: 'hook' word 'before' names STRING? '{' hookItem* '}';
hookItem
  : 'runs' STRING
  | 'passes' word
  | 'on' word ('deny' | 'escalate' ('to' word)? | 'notify' word | 'note' | 'allow') STRING?
  ;
checkpoint: 'checkpoint' word 'after' names ('for' names)? STRING?;
compaction: 'compaction' 'keeps' (word | 'evidence') (',' (word | 'evidence'))* STRING?;

// ------------------------------------------------------------------ which models
models: 'models' STRING? '{' modelsItem* '}';
modelsItem
  : 'class' word (STRING (',' STRING)*)?
  | 'acts' 'alone' 'from' word ('for' names)? ('else' ('deny' | 'escalate' ('to' word)?))? STRING?
  | 'ordered' STRING?
  ;

// ------------------------------------------------------------------ claims about the policy
region: 'region' word 'when' expr;
invariant: 'invariant' word ':' claim ('when' expr)? STRING?;
claim
  : ('never' | 'always') verdict asked?
  | verdict names 'implies' verdict names
  | 'disjoint' verdict names
  | 'monotone' name 'falling'? ('for' names)?
  ;
asked: askedFirst (',' name)*;
// Where a name may be left out, a word that begins a declaration begins one.
askedFirst
  : WORD | LATER | DOTTED_NAME | CURRENCY | UNIT
  | 'about' | 'above' | 'absorbs' | 'abstain' | 'acts' | 'after' | 'alone' | 'always' | 'amends' | 'asks'
  | 'before' | 'believed'
  | 'carries' | 'case' | 'cases' | 'ceiling' | 'claimed' | 'complete' | 'counts' | 'critics'
  | 'dead' | 'depth' | 'deputies' | 'deputy' | 'disjoint' | 'domain'
  | 'each' | 'effective'
  | 'falling' | 'first'
  | 'handoff' | 'held'
  | 'idempotent' | 'identity' | 'implies' | 'including' | 'input' | 'irreversible'
  | 'keeps' | 'kind' | 'known'
  | 'letters' | 'lifts'
  | 'monotone'
  | 'narrows' | 'needs' | 'next' | 'note'
  | 'one' | 'optional' | 'ordered' | 'outcomes'
  | 'part' | 'passes' | 'person' | 'pins'
  | 'reached' | 'reports' | 'retained' | 'retry' | 'review' | 'risk' | 'runs'
  | 'same' | 'sends' | 'silence' | 'since' | 'strict' | 'sums' | 'system'
  | 'tenant' | 'tested' | 'this' | 'trips' | 'tunable'
  | 'unless' | 'until' | 'up' | 'uses'
  | 'verified' | 'verify'
  | 'was' | 'while'
  | 'zone'
  ;
verdict: 'allow' | 'escalate' | 'deny';
sample: 'sample' word '=' word word '{' pairs? '}';
example: 'example' STRING '{' request '->' outcome '}';
request: word (word '{' pairs? '}' | ('with' pairs)?);
pairs: pair (',' pair)*;
pair: name ('(' name ')')? ('since' name)? ('within' (duration | word))? ':' ('missing' | setValue | value);
outcome
  : ('allow' | 'deny' | 'escalate' ('to' word)?) ('under' word)? ('because' (STRING | word))?
  ;

// ------------------------------------------------------------------ types
// The tails are optional as a whole: an empty alternative would have to foresee what follows a type.
type: enumeration | word ('of' element | parameter range? | range)?;
element: enumeration | word parameter? range?;
parameter: '(' (INT | CURRENCY | WORD) ')';
range: 'in' value '..' value;
enumeration: '{' name was* ((',' name was*)+ | ('<' name was*)+)? '}';

// ------------------------------------------------------------------ conditions
expr: comparison (('and' | 'or') comparison)*;
comparison: 'not'* sum tail*;                  // more than one `not` or tail is refused by the builder
tail
  : compare sum
  | 'not'? inTail
  | 'is' 'not'? ('missing' | 'known')
  ;
inTail
  : 'in' ('{' member (',' member)* '}' | sum ('..' sum)?)
  | 'matches' 'domain'? STRING
  | 'starts' 'with' STRING
  ;
compare: '=' | '!=' | '<' | '<=' | '>' | '>=';
member: sum;
sum: product (('+' | '-') product)*;
product: factor ('*' factor)*;
factor
  : '-'* ( quantity | constant | name ('(' (expr (',' expr)*)? ')')? | 'capability'
        | 'approval' word | '(' expr ')' | BROKEN )
  ;

// ------------------------------------------------------------------ values
value: '-'? quantity | constant | name | BROKEN;
quantity: INT (UNIT | CURRENCY)? | DECIMAL CURRENCY? | DURATION;
duration: INT UNIT | DURATION;
constant: DATE | TIMESTAMP | STRING | 'true' | 'false';

// ------------------------------------------------------------------ names
names: name (',' name)*;
name: word | DOTTED_NAME | CURRENCY | UNIT;
word
  : WORD | LATER
  | 'about' | 'above' | 'absorbs' | 'abstain' | 'acts' | 'after' | 'alone' | 'always' | 'amends' | 'approvals' | 'asks' | 'assume'
  | 'before' | 'believed' | 'boundary' | 'breaker' | 'budget'
  | 'carries' | 'case' | 'cases' | 'ceiling' | 'changed' | 'channel' | 'checkpoint' | 'claimed' | 'class' | 'compaction' | 'complete' | 'consent' | 'contradicted' | 'controls'
  | 'counts' | 'critics'
  | 'dead' | 'decay' | 'decision' | 'delegation' | 'demote' | 'depth' | 'deputies' | 'deputy' | 'disjoint' | 'domain'
  | 'each' | 'effective' | 'event' | 'exhausted' | 'expire' | 'exposure'
  | 'falling' | 'first' | 'flag'
  | 'group'
  | 'handoff' | 'hands' | 'held' | 'hook'
  | 'idempotent' | 'identity' | 'implies' | 'including' | 'input' | 'intent' | 'irreversible'
  | 'keeps' | 'kind' | 'known'
  | 'lasts' | 'letters' | 'lifts'
  | 'memory' | 'meter' | 'models' | 'modes' | 'monotone'
  | 'narrows' | 'needs' | 'next' | 'note'
  | 'one' | 'optional' | 'ordered' | 'outcomes' | 'over' | 'owner'
  | 'part' | 'passes' | 'person' | 'pins' | 'pressure' | 'promotion' | 'purpose'
  | 'reached' | 'recalled' | 'region' | 'reports' | 'retained' | 'retry' | 'review' | 'risk' | 'role' | 'route' | 'runs'
  | 'same' | 'sample' | 'sandbox' | 'sends' | 'separate' | 'sequence' | 'silence' | 'since' | 'skill' | 'source' | 'strict'
  | 'sums' | 'system'
  | 'tenant' | 'tested' | 'this' | 'threshold' | 'tier' | 'times' | 'trips' | 'tunable' | 'type'
  | 'undone' | 'unless' | 'until' | 'unused' | 'up' | 'uses'
  | 'verified' | 'verify'
  | 'was' | 'while' | 'written'
  | 'zone'
  ;
