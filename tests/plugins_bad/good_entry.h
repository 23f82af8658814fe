/* The tables of a test plugin. BAD_TYPE is its node type and id; the other macros replace one correct part each. */
#ifndef BAD_MAGIC
#define BAD_MAGIC PFLOW_ENTRY_MAGIC
#endif
#ifndef BAD_ENTRY_SIZE
#define BAD_ENTRY_SIZE sizeof(pflow_plugin_entry)
#endif
#ifndef BAD_MAJOR
#define BAD_MAJOR 1
#endif
#ifndef BAD_NOTE_MAJOR
#define BAD_NOTE_MAJOR 1
#endif
#ifndef BAD_MIN_MINOR
#define BAD_MIN_MINOR PFLOW_TARGET_MINOR
#endif
#ifndef BAD_TYPE_SIZE
#define BAD_TYPE_SIZE sizeof(pflow_node_type)
#endif
#ifndef BAD_FLAGS
#define BAD_FLAGS 0
#endif
#ifndef BAD_DESCRIPTOR
#define BAD_DESCRIPTOR                                                                                       \
    "{\"description\": \"A test plugin.\", \"outputs\": [{\"name\": \"out\", \"type\": \"any\", "            \
    "\"primary\": true}]}"
#endif
#ifndef BAD_CREATE
#define BAD_CREATE NULL
#endif
#ifndef BAD_DESTROY
#define BAD_DESTROY NULL
#endif
#ifndef BAD_CANCEL
#define BAD_CANCEL NULL
#endif
#ifndef BAD_TYPE_COUNT
#define BAD_TYPE_COUNT 1
#endif
#ifndef BAD_RUN
static pflow_status PFLOW_CALL good_run(void *node, pflow_call *call) {
    (void)node;
    return put(call, "fine");
}
#define BAD_RUN good_run
#endif

static const pflow_node_type good_type = {
    BAD_TYPE_SIZE, BAD_FLAGS, PFLOW_STR(BAD_TYPE), PFLOW_STR("1.0.0"), PFLOW_STR(BAD_DESCRIPTOR), 0, 0, NULL,
    BAD_CREATE, BAD_DESTROY, BAD_RUN, BAD_CANCEL, NULL,
};

#ifndef BAD_GET_FACTORY
static size_t PFLOW_CALL good_count(void) { return BAD_TYPE_COUNT; }

#ifndef BAD_AT
static const pflow_node_type *PFLOW_CALL good_at(size_t index) { return index == 0 ? &good_type : NULL; }
#define BAD_AT good_at
#endif

static const pflow_node_factory good_factory = {sizeof(pflow_node_factory), 0, good_count, BAD_AT};

static const void *PFLOW_CALL good_get_factory(const char *factory_id) {
    return strcmp(factory_id, PFLOW_FACTORY_NODES) == 0 ? &good_factory : NULL;
}
#define BAD_GET_FACTORY good_get_factory
#else
const void *const bad_keep_type = &good_type;
#endif

#ifndef BAD_INIT
static pflow_status PFLOW_CALL good_init(const pflow_host *h, pflow_call *call) {
    (void)call;
    host = h;
    return PFLOW_OK;
}
#define BAD_INIT good_init
#endif

#undef PFLOW_ABI_MAJOR
#define PFLOW_ABI_MAJOR BAD_NOTE_MAJOR
PFLOW_NOTE(PFLOW_TARGET_MINOR, BAD_TYPE);

#ifdef __cplusplus
extern "C"
#endif
const pflow_plugin_entry pflow_plugin_v1 = {
    BAD_MAGIC, BAD_ENTRY_SIZE, BAD_MAJOR, PFLOW_ABI_MINOR, BAD_MIN_MINOR, 0, 0, 0, PFLOW_STR(BAD_TYPE),
    PFLOW_STR("1.0.0"), BAD_INIT, NULL, BAD_GET_FACTORY,
};
