/* Deciding by a writ table, from any language. C99.
 *
 * A table is immutable: any number of threads may decide by one at the same time, without locks.
 * Only the two open calls allocate; to reload, open the next table, swap the pointer, and close the
 * old one when nobody uses it.
 *
 * Every struct starts with its own size, so that it can grow: set it to sizeof the struct. Zero
 * stands for the size that it had in the first version. Numbers of enums are part of the ABI: they
 * are never changed or reused. */
#ifndef WRIT_H_
#define WRIT_H_

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define WRIT_API __attribute__((visibility("default")))
#else
#define WRIT_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define WRIT_NONE 0xFFFFFFFFu /* an id that is not there */

typedef enum writ_status { /* closed */
                           WRIT_OK = 0,
                           WRIT_ERROR_ARGUMENT =
                               1, /* null or out of range where that is not allowed */
                           WRIT_ERROR_MEMORY = 2, /* an open call could not allocate */
                           WRIT_ERROR_TABLE =
                               3, /* the bytes are no table: writ_error says why and where */
                           WRIT_ERROR_FULL = 4 /* a session's memory is full: the meters concerned
                                                  read missing from now on */
} writ_status;

typedef enum writ_open_code { /* why bytes were refused: closed, see docs/table-format.md */
                              WRIT_OPEN_OK = 0,
                              WRIT_OPEN_TRUNCATED = 1,
                              WRIT_OPEN_BAD_MAGIC = 2,
                              WRIT_OPEN_BAD_VERSION = 3,
                              WRIT_OPEN_BAD_DIGEST = 4,
                              WRIT_OPEN_BAD_SECTION = 5,
                              WRIT_OPEN_BAD_INDEX = 6,
                              WRIT_OPEN_BAD_VALUE = 7,
                              WRIT_OPEN_TOO_LARGE = 8,
                              WRIT_OPEN_MISALIGNED = 9
} writ_open_code;

typedef enum writ_verdict { WRIT_ALLOW = 0, WRIT_ESCALATE = 1, WRIT_DENY = 2 } writ_verdict;

typedef enum writ_row { /* what decided, if not a row of the policy */
                        WRIT_ROW_POLICY = 0,
                        WRIT_ROW_UNKNOWN_CAPABILITY = 1,
                        WRIT_ROW_MALFORMED = 2,
                        WRIT_ROW_MISSING_INPUT = 3,
                        WRIT_ROW_UNDECIDED = 4
} writ_row;

typedef enum writ_value_kind {
  WRIT_VALUE_MISSING = 0,
  WRIT_VALUE_NUMBER = 1,   /* bool, enum, integer, decimal, money, duration, time, role, enum set */
  WRIT_VALUE_TEXT = 2,     /* id, text */
  WRIT_VALUE_TEXT_SET = 3, /* set of these */
  WRIT_VALUE_MALFORMED = 4 /* given, but not a value of its type: denied */
} writ_value_kind;

typedef struct writ_table writ_table;     /* opaque */
typedef struct writ_session writ_session; /* opaque */

typedef struct writ_error {
  size_t struct_size;
  uint64_t offset; /* of the byte that is wrong */
  int32_t code;    /* writ_open_code */
} writ_error;

#define WRIT_OPEN_COPY \
  1u /* keep a copy of the bytes; else they must outlive the table, unchanged, 8-byte aligned */

typedef struct writ_open_options {
  size_t struct_size;
  uint32_t flags;
} writ_open_options;

typedef struct writ_text {
  size_t size; /* bytes */
  const char* data;
} writ_text;

/* Zero is missing. Text is borrowed: it must live until the call returns. */
typedef struct writ_value {
  int64_t number; /* decimal and money: digits without the point; time: ms since 1970 UTC; enum: see
                     writ_fact_value */
  union {
    const char* text;
    const writ_text* texts;
  } at;
  uint32_t size; /* text: bytes; set: members */
  uint8_t kind;  /* writ_value_kind */
} writ_value;

#define WRIT_REQUEST_AS_IN_FORCE 1u /* leave out the policy's plain `effective` row (replay) */

typedef struct writ_request {
  size_t struct_size;
  uint32_t capability; /* WRIT_NONE: no such capability */
  uint32_t role;       /* WRIT_NONE: a role that the table does not know */
  int64_t now_ms;
  const writ_value* values; /* one per fact, by id */
  size_t value_count;       /* at least writ_fact_count */
  uint32_t flags;
} writ_request;

typedef struct writ_decision {
  size_t struct_size;
  int32_t verdict; /* writ_verdict */
  int32_t row;     /* writ_row */
  uint32_t column; /* of the capability's matrix, or WRIT_NONE */
  uint32_t anchor; /* escalate: to whom; allow: who is accountable */
  uint32_t clause;
  uint32_t authority; /* delegation or grant under which it stands */
  uint32_t fact;      /* malformed or missing input: which */
  uint32_t capability;
} writ_decision;

WRIT_API const char* writ_version(void);

/* `options` and `error` may be null. On failure `*table` is null. */
WRIT_API writ_status writ_table_open(const void* bytes, size_t size,
                                     const writ_open_options* options, writ_table** table,
                                     writ_error* error);
WRIT_API void writ_table_close(writ_table* table); /* null is fine */

/* Resolve names once. WRIT_NONE where there is none. What the policy says was called otherwise
   before (`was`) is found by its old names too. */
WRIT_API uint32_t writ_fact(const writ_table* table, const char* name);
WRIT_API uint32_t writ_capability(const writ_table* table, const char* name);
WRIT_API uint32_t writ_role(const writ_table* table, const char* name);
WRIT_API uint32_t writ_anchor(const writ_table* table, const char* name);
WRIT_API uint32_t writ_fact_value(const writ_table* table, uint32_t fact,
                                  const char* name); /* of an enum */
WRIT_API uint32_t writ_fact_count(const writ_table* table);
/* 1 where the fact is for critics alone: show it, and what was decided because of it, to no model.
 */
WRIT_API int writ_fact_for_critics(const writ_table* table, uint32_t fact);
/* The name of an anchor, as writ_explain gives text. */
WRIT_API size_t writ_anchor_name(const writ_table* table, uint32_t anchor, char* buffer,
                                 size_t size);

/* Inputs that are worked out from the JSON arguments of a call before it is decided: how, in the
 * order of capability and fact (docs/semantics.md, M1.5). The folds are closed. */
typedef enum writ_fold {
  WRIT_FOLD_COUNT = 0,
  WRIT_FOLD_SUM = 1,
  WRIT_FOLD_MIN = 2,
  WRIT_FOLD_MAX = 3,
  WRIT_FOLD_FIRST = 4,
  WRIT_FOLD_DISTINCT = 5,
  WRIT_FOLD_DIGEST = 6
} writ_fold;

typedef struct writ_derivation {
  size_t struct_size;
  uint32_t capability;
  uint32_t fact;
  int32_t fold; /* writ_fold */
} writ_derivation;

WRIT_API uint32_t writ_derivation_count(const writ_table* table);
WRIT_API writ_status writ_derivation_get(const writ_table* table, uint32_t index,
                                         writ_derivation* derivation);
/* The path into the arguments, as writ_explain gives text. */
WRIT_API size_t writ_derivation_path(const writ_table* table, uint32_t index, char* buffer,
                                     size_t size);

/* A session holds the counters behind meters: `capacity` keys and as many events inside windows.
 * The table must outlive it. One thread at a time. */
WRIT_API writ_status writ_session_open(const writ_table* table, size_t capacity,
                                       writ_session** session);
WRIT_API void writ_session_close(writ_session* session); /* null is fine */
/* Records that the request took effect. Never for denied or failed ones. */
WRIT_API writ_status writ_session_commit(writ_session* session, const writ_request* request);

/* `session` may be null: a meter is then what the request gives for its fact, else missing.
 * Allocates nothing. On any status but WRIT_OK the decision is a denial. */
WRIT_API writ_status writ_decide(const writ_table* table, const writ_session* session,
                                 const writ_request* request, writ_decision* decision);

/* Writes the decision in words, NUL-terminated, into `buffer`; returns the length of the whole text
 * without the NUL. */
WRIT_API size_t writ_explain(const writ_table* table, const writ_decision* decision, char* buffer,
                             size_t size);

#ifdef __cplusplus
}
#endif

#endif /* WRIT_H_ */
