/* pflow/plugin.h -- pflow-host plugin ABI, major 1. */
#ifndef PFLOW_PLUGIN_H
#define PFLOW_PLUGIN_H
#include <stddef.h>
#include <stdint.h>

#define PFLOW_ABI_MAJOR 1
#define PFLOW_ABI_MINOR 0 /* newest minor this header describes */
#ifndef PFLOW_TARGET_MINOR
#define PFLOW_TARGET_MINOR 0 /* oldest host minor the plugin accepts; raise it on purpose */
#endif
#ifndef PFLOW_VISIBLE_MINOR
#define PFLOW_VISIBLE_MINOR PFLOW_TARGET_MINOR /* what the header declares; above TARGET you must test PFLOW_HAS first */
#endif
/* Rule for editors of this file: every later member sits at the END of its struct, inside
   #if PFLOW_VISIBLE_MINOR >= n, so that "-DPFLOW_TARGET_MINOR=0" always yields the 1.0 layout bit for bit. */

#if defined(_WIN32)
#define PFLOW_CALL __cdecl
#define PFLOW_EXPORT __declspec(dllexport)
#else
#define PFLOW_CALL
#define PFLOW_EXPORT __attribute__((visibility("default")))
#endif
#if defined(_MSVC_LANG)
#define PFLOW_CPLUSPLUS _MSVC_LANG
#elif defined(__cplusplus)
#define PFLOW_CPLUSPLUS __cplusplus
#else
#define PFLOW_CPLUSPLUS 0
#endif
#if PFLOW_CPLUSPLUS >= 201703L
#define PFLOW_NOEXCEPT noexcept /* part of the pointer's type: a throwing function does not convert */
#else
#define PFLOW_NOEXCEPT
#endif
#ifdef __cplusplus
extern "C" {
#endif

/* ---- 1. Scalars ------------------------------------------------------------------------- */
typedef struct pflow_str { /* UTF-8 bytes, NOT NUL-terminated; ptr may be NULL only if len == 0 */
    const char *ptr;
    size_t len;
} pflow_str;
#define PFLOW_STR(lit) { lit, sizeof(lit) - 1 }

typedef int32_t pflow_status; /* enums are named only so that abidiff sees them: none appears in a struct or signature */
enum pflow_status_code {
    PFLOW_OK = 0,
    PFLOW_PENDING = 1,
    PFLOW_E_INVALID = -1,
    PFLOW_E_NOT_FOUND = -2,
    PFLOW_E_TYPE = -3,
    PFLOW_E_DENIED = -4,
    PFLOW_E_CANCELLED = -5,
    PFLOW_E_TIMEOUT = -6,
    PFLOW_E_UNAVAILABLE = -7,
    PFLOW_E_RATE_LIMIT = -8,
    PFLOW_E_AUTH = -9,
    PFLOW_E_IO = -10,
    PFLOW_E_UNSUPPORTED = -11,
    PFLOW_E_NOMEM = -12,
    PFLOW_E_INTERNAL = -13
};
typedef int32_t pflow_type;
enum pflow_type_code { PFLOW_T_NULL = 0, PFLOW_T_BOOL = 1, PFLOW_T_INT = 2, PFLOW_T_FLOAT = 3, PFLOW_T_STRING = 4, PFLOW_T_ARRAY = 5, PFLOW_T_OBJECT = 6, PFLOW_T_BYTES = 7 };
typedef int32_t pflow_level;
enum pflow_level_code { PFLOW_LOG_TRACE = 0, PFLOW_LOG_DEBUG = 1, PFLOW_LOG_INFO = 2, PFLOW_LOG_WARN = 3, PFLOW_LOG_ERROR = 4 };

typedef struct pflow_call pflow_call;   /* one call in progress (init, create, run); host-owned */
typedef struct pflow_value pflow_value; /* immutable JSON-like value; host-owned; lives until its call ends */
/* A call ends when run() returned anything but PFLOW_PENDING, or when complete() has returned. */

/* A struct that can grow starts with struct_size = sizeof() as its WRITER compiled it.
   Readers use PFLOW_HAS before touching anything past the v1.0 members. Members are only appended. */
#define PFLOW_HAS(p, type, member) ((p)->struct_size >= offsetof(type, member) + sizeof(((type *)0)->member))

/* ---- 2. Records ------------------------------------------------------------------------- */
enum pflow_error_flag { PFLOW_ERR_RETRYABLE = 1u << 0, PFLOW_ERR_USER_SAFE = 1u << 1 };
typedef struct pflow_error {
    uint32_t struct_size;
    pflow_status status;
    uint32_t flags;
    int32_t origin_code;    /* HTTP status, exit code, errno; 0 = none */
    int64_t retry_after_ms; /* -1 = unknown */
    pflow_str code;            /* stable machine code, [a-z0-9_.]+, eg "rate_limited" */
    pflow_str message;
    pflow_str detail_json;
} pflow_error;

enum pflow_usage_flag {
    PFLOW_USAGE_ESTIMATED = 1u << 0, /* counted by the plugin, not by the provider */
    PFLOW_USAGE_PARTIAL = 1u << 1,   /* the call broke off */
    PFLOW_USAGE_HAS_COST = 1u << 2   /* cost_nano_usd is valid (0 = free); without it the host prices the call */
};
typedef struct pflow_llm_usage { /* -1 = unknown in every int64 */
    uint32_t struct_size;
    uint32_t flags;
    pflow_str provider;
    pflow_str model;
    pflow_str request_id;
    pflow_str requested_model;  /* as the caller asked for it; model is what answered */
    pflow_str service_tier;     /* "standard", "batch", "flex", "priority", ...; empty = unknown */
    pflow_str api_flavor;       /* which shape raw_json has: "chat", "responses", "messages", ...; empty = the provider's default */
    pflow_str raw_json;         /* the provider's own response body or its usage part */
    pflow_str units_json;       /* {"cache_write_1h_tokens": 12, "web_searches": 1, ...} by the price registry's unit names */
    int64_t input_tokens;       /* all input, cached included */
    int64_t output_tokens;      /* all output, reasoning included */
    int64_t cache_read_tokens;  /* part of input_tokens */
    int64_t cache_write_tokens; /* part of input_tokens */
    int64_t reasoning_tokens;   /* part of output_tokens */
    int64_t cost_nano_usd;      /* only with PFLOW_USAGE_HAS_COST */
    int64_t ttft_ns;            /* time to first token */
} pflow_llm_usage;

#define PFLOW_LLM_USAGE_INIT { sizeof(pflow_llm_usage), 0, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, -1, -1, -1, -1, -1, 0, -1 }
#define PFLOW_ERROR_INIT { sizeof(pflow_error), PFLOW_E_INTERNAL, 0, 0, -1, {0, 0}, {0, 0}, {0, 0} }

typedef struct pflow_call_info { /* caller sets struct_size; host writes at most that much */
    uint32_t struct_size;
    uint32_t attempt; /* 1 = first */
    pflow_str run_id, workflow_id, node_id, trace_parent, workflow_dir; /* valid until the call ends */
    int64_t batch_index;  /* -1 = not in a batch */
    int64_t visit;        /* 1 = first */
    int64_t remaining_ns; /* INT64_MAX = no deadline */
} pflow_call_info;

/* ---- 3. Values -------------------------------------------------------------------------- */
typedef struct pflow_buffer pflow_buffer; /* grows in the host; becomes one value without a copy */

typedef struct pflow_value_api { /* every function: [any-thread], never blocks; a NULL handle gives PFLOW_E_INVALID / NULL / 0, type() gives PFLOW_T_NULL */
    uint32_t struct_size;
    uint32_t reserved0;
    pflow_type(PFLOW_CALL *type)(const pflow_value *v) PFLOW_NOEXCEPT;
    pflow_status(PFLOW_CALL *get_bool)(const pflow_value *v, int32_t *out) PFLOW_NOEXCEPT;
    pflow_status(PFLOW_CALL *get_int)(const pflow_value *v, int64_t *out) PFLOW_NOEXCEPT;
    pflow_status(PFLOW_CALL *get_float)(const pflow_value *v, double *out) PFLOW_NOEXCEPT;
    pflow_status(PFLOW_CALL *get_str)(const pflow_value *v, pflow_str *out) PFLOW_NOEXCEPT; /* STRING, BYTES; zero copy */
    size_t(PFLOW_CALL *length)(const pflow_value *v) PFLOW_NOEXCEPT;
    const pflow_value *(PFLOW_CALL *get)(const pflow_value *object, pflow_str key) PFLOW_NOEXCEPT; /* NULL = absent */
    const pflow_value *(PFLOW_CALL *at)(const pflow_value *v, size_t index) PFLOW_NOEXCEPT;
    pflow_status(PFLOW_CALL *key_at)(const pflow_value *object, size_t index, pflow_str *out) PFLOW_NOEXCEPT;
    pflow_status(PFLOW_CALL *to_json)(pflow_call *c, const pflow_value *v, pflow_str *out) PFLOW_NOEXCEPT;
    const pflow_value *(PFLOW_CALL *from_json)(pflow_call *c, pflow_str text) PFLOW_NOEXCEPT; /* NULL = error set */
    const pflow_value *(PFLOW_CALL *make_bool)(pflow_call *c, int32_t b) PFLOW_NOEXCEPT;
    const pflow_value *(PFLOW_CALL *make_int)(pflow_call *c, int64_t i) PFLOW_NOEXCEPT;
    const pflow_value *(PFLOW_CALL *make_float)(pflow_call *c, double d) PFLOW_NOEXCEPT;
    const pflow_value *(PFLOW_CALL *make_str)(pflow_call *c, pflow_str s) PFLOW_NOEXCEPT; /* NULL on invalid UTF-8: use make_bytes */
    const pflow_value *(PFLOW_CALL *make_bytes)(pflow_call *c, pflow_str s) PFLOW_NOEXCEPT;
    const pflow_value *(PFLOW_CALL *make_array)(pflow_call *c, const pflow_value *const *items, size_t n) PFLOW_NOEXCEPT;
    const pflow_value *(PFLOW_CALL *make_object)(pflow_call *c, const pflow_str *keys, const pflow_value *const *vals, size_t n) PFLOW_NOEXCEPT;
    pflow_status(PFLOW_CALL *get_uint)(const pflow_value *v, uint64_t *out) PFLOW_NOEXCEPT;
    const pflow_value *(PFLOW_CALL *make_uint)(pflow_call *c, uint64_t i) PFLOW_NOEXCEPT;
    pflow_buffer *(PFLOW_CALL *buffer_new)(pflow_call *c, size_t expected_bytes) PFLOW_NOEXCEPT;
    pflow_status(PFLOW_CALL *buffer_append)(pflow_buffer *b, pflow_str bytes) PFLOW_NOEXCEPT;
    const pflow_value *(PFLOW_CALL *buffer_finish)(pflow_buffer *b) PFLOW_NOEXCEPT; /* STRING if valid UTF-8, else BYTES; ends b */
} pflow_value_api;

/* ---- 4. Host ---------------------------------------------------------------------------- */
typedef struct pflow_host pflow_host;
struct pflow_host {
    uint32_t struct_size;
    uint16_t abi_major;
    uint16_t abi_minor;
    pflow_str name;
    pflow_str version;
    void *host_data;
    const pflow_value_api *values;
    /* [any-thread] NULL = not offered. The table stays valid until deinit() has returned. */
    const void *(PFLOW_CALL *get_extension)(const pflow_host *h, const char *id) PFLOW_NOEXCEPT;
    /* [any-thread] c may be NULL. The host copies, redacts secrets, stamps call ids. */
    int32_t(PFLOW_CALL *log_enabled)(const pflow_host *h, pflow_level level) PFLOW_NOEXCEPT;
    void(PFLOW_CALL *log)(const pflow_host *h, pflow_call *c, pflow_level level, pflow_str msg, pflow_str fields_json) PFLOW_NOEXCEPT;
    /* The rest: [any-thread, until the call has ended]; everything passed in is copied before return. */
    pflow_status(PFLOW_CALL *call_info)(pflow_call *c, pflow_call_info *inout) PFLOW_NOEXCEPT;
    const pflow_value *(PFLOW_CALL *params)(pflow_call *c) PFLOW_NOEXCEPT; /* run: resolved params; create: raw params; init: plugin settings */
    pflow_status(PFLOW_CALL *store_get)(pflow_call *c, pflow_str path, const pflow_value **out) PFLOW_NOEXCEPT;
    pflow_status(PFLOW_CALL *store_set)(pflow_call *c, pflow_str key, const pflow_value *v) PFLOW_NOEXCEPT; /* staged, see call states */
    pflow_status(PFLOW_CALL *set_action)(pflow_call *c, pflow_str action) PFLOW_NOEXCEPT;
    void(PFLOW_CALL *set_error)(pflow_call *c, const pflow_error *e) PFLOW_NOEXCEPT;
    pflow_status(PFLOW_CALL *emit_chunk)(pflow_call *c, pflow_str channel, pflow_str data) PFLOW_NOEXCEPT; /* PFLOW_PENDING = taken, slow down */
    pflow_status(PFLOW_CALL *emit)(pflow_call *c, pflow_str kind, const pflow_value *payload) PFLOW_NOEXCEPT; /* "progress", "metric", "acme.x" */
    pflow_status(PFLOW_CALL *report_llm_usage)(pflow_call *c, const pflow_llm_usage *u) PFLOW_NOEXCEPT;
    int32_t(PFLOW_CALL *is_cancelled)(pflow_call *c) PFLOW_NOEXCEPT;
    /* [any-thread] Ends a call whose run() returned (or will return) PFLOW_PENDING. Exactly once. */
    void(PFLOW_CALL *complete)(pflow_call *c, pflow_status status) PFLOW_NOEXCEPT;
};

/* Call states.
     run() returned PFLOW_OK, action not "error"   -> done: staged writes committed
     run() returned PFLOW_OK, action "error"       -> failed; or PFLOW_E_x (after set_error)  -> failed
     failed, another attempt follows               -> staged writes and action discarded
     failed, last attempt                          -> staged writes committed (the body of a 404, a shell's stderr)
     cancelled, or abandoned after the deadline    -> staged writes discarded
   PFLOW_PENDING from run() means that complete(c, status) gives the same verdicts, once, from any thread, possibly before run() returned.
   The host keeps c alive until both run() and complete() have returned. */

/* ---- 5. Plugin -------------------------------------------------------------------------- */
enum pflow_node_flag {
    PFLOW_NODE_CONCURRENT = 1u << 0, /* run() may be entered by many threads at once on ONE instance */
    PFLOW_NODE_NONBLOCKING = 1u << 1, /* run() returns quickly; the host may call it on an I/O thread */
    PFLOW_NODE_IDEMPOTENT = 1u << 2   /* a hint: retrying does no harm */
};
typedef struct pflow_node_type pflow_node_type;
struct pflow_node_type {
    uint32_t struct_size;
    uint32_t flags;
    pflow_str type_name;       /* "llm", "acme.translate" */
    pflow_str version;         /* semver of the node, not of the ABI */
    pflow_str descriptor_json; /* description, params (JSON Schema + defaults + x-pflow-secret), outputs, actions, retry, implements + provider + models */
    uint32_t max_concurrency; /* 0 = no limit of its own */
    uint32_t reserved0;
    void *type_data;
    /* [serial per plugin] NULL = stateless: node = type_data */
    pflow_status(PFLOW_CALL *create)(const pflow_node_type *t, const pflow_host *h, pflow_call *c, void **out_node) PFLOW_NOEXCEPT;
    void(PFLOW_CALL *destroy)(void *node) PFLOW_NOEXCEPT;
    /* [worker-thread; concurrent iff PFLOW_NODE_CONCURRENT] PFLOW_OK, an error, or PFLOW_PENDING */
    pflow_status(PFLOW_CALL *run)(void *node, pflow_call *c) PFLOW_NOEXCEPT;
    /* [any-thread; may race with run() and complete()] NULL = poll is_cancelled only */
    void(PFLOW_CALL *cancel)(void *node, pflow_call *c) PFLOW_NOEXCEPT;
    const void *(PFLOW_CALL *get_extension)(const pflow_node_type *t, const char *id) PFLOW_NOEXCEPT; /* may be NULL */
};

#define PFLOW_FACTORY_NODES "pflow.node-factory/1"
typedef struct pflow_node_factory {
    uint32_t struct_size;
    uint32_t reserved0;
    size_t(PFLOW_CALL *count)(void) PFLOW_NOEXCEPT;
    const pflow_node_type *(PFLOW_CALL *at)(size_t index) PFLOW_NOEXCEPT; /* NULL = out of range */
} pflow_node_factory;

#define PFLOW_ENTRY_MAGIC 0x31574650u /* "PFW1", little endian */
typedef struct pflow_plugin_entry {
    uint32_t magic;
    uint32_t struct_size;
    uint16_t abi_major;
    uint16_t abi_minor;      /* header it was built with: for messages only */
    uint16_t min_host_minor; /* PFLOW_TARGET_MINOR: the host refuses if its own is lower */
    uint16_t reserved0;
    uint32_t flags;
    uint32_t reserved1;
    pflow_str id; /* "com.acme.nodes" */
    pflow_str version;
    /* [loader-thread] once per process, before anything else */
    pflow_status(PFLOW_CALL *init)(const pflow_host *h, pflow_call *c) PFLOW_NOEXCEPT;
    /* [loader-thread] once at orderly exit, after all calls ended; not if a call was abandoned. May be NULL */
    void(PFLOW_CALL *deinit)(void) PFLOW_NOEXCEPT;
    const void *(PFLOW_CALL *get_factory)(const char *factory_id) PFLOW_NOEXCEPT;
} pflow_plugin_entry;

/* The one exported symbol. Data, so the host checks magic and version before it CALLS the plugin
   (static constructors have run by then: PFLOW_NOTE is for checks before dlopen). */
#if !defined(PFLOW_HOST_SIDE)
PFLOW_EXPORT extern const pflow_plugin_entry pflow_plugin_v1;
#endif

/* ELF note: lets the host read ABI and id from PT_NOTE without running any code of the plugin. */
#if defined(__ELF__)
#define PFLOW_NOTE(min_minor, id_lit)                                                                        \
    __attribute__((section(".note.pflow"), used, aligned(4))) static const struct {                       \
        uint32_t namesz, descsz, type;                                                                    \
        char name[8];                                                                                     \
        uint16_t abi_major, abi_minor, min_host_minor, reserved;                                          \
        char id[120];                                                                                     \
    } pflow_note_ = {6, 128, 1, "pflow", PFLOW_ABI_MAJOR, PFLOW_ABI_MINOR, min_minor, 0, id_lit}
#else
#define PFLOW_NOTE(min_minor, id_lit) typedef int pflow_note_unused_
#endif

/* ---- 6. Optional host extensions --------------------------------------------------------- */
#define PFLOW_EXT_SECRETS "pflow.secrets/1"
enum pflow_secret_flag { PFLOW_SECRET = 1u << 0 /* else a plain setting: not redacted */ };
typedef struct pflow_host_secrets {
    uint32_t struct_size;
    uint32_t reserved0;
    /* [any-thread, until the call has ended] e.g. "OPENAI_API_KEY"; PFLOW_E_NOT_FOUND names it in the host's message. out lives until the call ends. */
    pflow_status(PFLOW_CALL *get)(pflow_call *c, pflow_str name, uint32_t flags, pflow_str *out) PFLOW_NOEXCEPT;
} pflow_host_secrets;

#define PFLOW_EXT_HTTP "pflow.http/1"
enum pflow_http_flag { PFLOW_HTTP_NO_REDIRECT = 1u << 0, PFLOW_HTTP_INSECURE_TLS = 1u << 1, PFLOW_HTTP_RAW_BODY = 1u << 2 /* no decompression */ };
typedef struct pflow_header { pflow_str name, value; } pflow_header; /* passed in arrays: the stride is frozen, it never grows */
typedef struct pflow_http_request {
    uint32_t struct_size;
    uint32_t flags;
    pflow_str method, url, body, ca_file;
    const pflow_header *headers;
    size_t n_headers;
    int64_t timeout_ms;         /* -1 = the call's own deadline */
    int64_t connect_timeout_ms; /* -1 = host default */
    int64_t idle_timeout_ms;    /* -1 = host default; time without a byte */
    int64_t max_redirects;      /* -1 = host default */
    int64_t max_response_bytes; /* -1 = host default */
} pflow_http_request;
typedef struct pflow_http_head { /* valid inside the callback only */
    uint32_t struct_size;
    int32_t status;
    pflow_str url; /* final, after redirects */
    const pflow_header *headers;
    size_t n_headers;
} pflow_http_head;
typedef struct pflow_http_result { /* valid inside the callback only */
    uint32_t struct_size;
    uint32_t reserved0;
    const pflow_error *error; /* NULL = complete */
    int64_t bytes_in, bytes_out, total_ns, ttfb_ns;
} pflow_http_result;
typedef struct pflow_http_handler { /* copied by send(); all called on the host's I/O thread, one at a time per call; must not wait */
    uint32_t struct_size;
    uint32_t reserved0;
    void *user;
    void(PFLOW_CALL *on_head)(void *user, const pflow_http_head *head) PFLOW_NOEXCEPT;
    pflow_status(PFLOW_CALL *on_data)(void *user, pflow_str chunk) PFLOW_NOEXCEPT; /* < 0 aborts; PFLOW_PENDING = taken, pause until resume() */
    void(PFLOW_CALL *on_done)(void *user, const pflow_http_result *result) PFLOW_NOEXCEPT; /* exactly once, always last */
} pflow_http_handler;
typedef struct pflow_host_http {
    uint32_t struct_size;
    uint32_t reserved0;
    /* A send() that fails, or comes after cancellation, makes no callback. Cancelling or abandoning a call aborts its requests; on_done is
       delivered for each before the host lets the call end, so `user` may be freed after the last on_done. */
    pflow_status(PFLOW_CALL *send)(pflow_call *c, const pflow_http_request *r, const pflow_http_handler *h, uint64_t *out_id) PFLOW_NOEXCEPT;
    void(PFLOW_CALL *abort)(pflow_call *c, uint64_t id) PFLOW_NOEXCEPT;
    void(PFLOW_CALL *resume)(pflow_call *c, uint64_t id) PFLOW_NOEXCEPT;
    /* [worker-thread] The same, waiting: callbacks come on this thread, returns after on_done. Never from a NONBLOCKING node. */
    pflow_status(PFLOW_CALL *perform)(pflow_call *c, const pflow_http_request *r, const pflow_http_handler *h) PFLOW_NOEXCEPT;
} pflow_host_http;

/* ---- 7. Layout is frozen ---------------------------------------------------------------- */
#if PFLOW_CPLUSPLUS >= 201103L
#define PFLOW_ASSERT(x) static_assert(x, #x)
#else
#define PFLOW_ASSERT(x) _Static_assert(x, #x)
#endif
PFLOW_ASSERT(sizeof(void *) == 8 && sizeof(size_t) == 8);
PFLOW_ASSERT(sizeof(pflow_str) == 16);
PFLOW_ASSERT(offsetof(pflow_error, detail_json) == 56);
PFLOW_ASSERT(offsetof(pflow_llm_usage, ttft_ns) == 184);
PFLOW_ASSERT(offsetof(pflow_call_info, remaining_ns) == 104);
PFLOW_ASSERT(offsetof(pflow_node_factory, at) == 16);
PFLOW_ASSERT(sizeof(pflow_header) == 32);
PFLOW_ASSERT(offsetof(pflow_http_request, max_response_bytes) == 120);
PFLOW_ASSERT(offsetof(pflow_http_head, n_headers) == 32);
PFLOW_ASSERT(offsetof(pflow_http_result, ttfb_ns) == 40);
PFLOW_ASSERT(offsetof(pflow_http_handler, on_done) == 32);
PFLOW_ASSERT(offsetof(pflow_host_http, perform) == 32);
PFLOW_ASSERT(offsetof(pflow_host_secrets, get) == 8);
PFLOW_ASSERT(offsetof(pflow_value_api, buffer_finish) == 184);
PFLOW_ASSERT(offsetof(pflow_host, complete) == 160);
PFLOW_ASSERT(offsetof(pflow_node_type, get_extension) == 104);
PFLOW_ASSERT(offsetof(pflow_plugin_entry, get_factory) == 72);
/* v1.0 sizes: the smallest a reader accepts. Offsets of the last 1.0 member, so they can never drift. */
#define PFLOW_HOST_SIZE_1_0 (offsetof(pflow_host, complete) + sizeof(void *))
#define PFLOW_NODE_TYPE_SIZE_1_0 (offsetof(pflow_node_type, get_extension) + sizeof(void *))
#define PFLOW_ENTRY_SIZE_1_0 (offsetof(pflow_plugin_entry, get_factory) + sizeof(void *))
#define PFLOW_LLM_USAGE_SIZE_1_0 (offsetof(pflow_llm_usage, ttft_ns) + sizeof(int64_t))
#define PFLOW_ERROR_SIZE_1_0 (offsetof(pflow_error, detail_json) + sizeof(pflow_str))
#ifdef __cplusplus
}
#endif
#endif /* PFLOW_PLUGIN_H */
