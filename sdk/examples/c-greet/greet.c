/* A plugin in plain C with one node type, example.greet. It has no state, so one file and a table are all there is. */
#include <pflow/plugin.h>
#include <string.h>

#define PLUGIN_ID "org.example.greet"
#define PLUGIN_VERSION "1.0.0"

static const pflow_host *host; /* set once by init(), valid until deinit() has returned */

/* The host shows this text to users and checks parameters against it before a run. */
static const char descriptor[] =
    "{\"description\": \"Greets somebody, as often as wanted.\","
    " \"params\": {\"type\": \"object\", \"required\": [], \"additionalProperties\": false, \"properties\": {"
    "   \"name\": {\"type\": \"string\", \"default\": \"world\", \"description\": \"Whom to greet\"},"
    "   \"times\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 100, \"default\": 1,"
    "               \"description\": \"How many lines of greeting\"}}},"
    " \"outputs\": [{\"name\": \"greeting\", \"type\": \"string\", \"primary\": true,"
    "                \"description\": \"One line a greeting, without a newline at the end\"}],"
    " \"actions\": [\"default\", \"error\"],"
    " \"examples\": [{\"description\": \"Greet twice\", \"params\": {\"name\": \"Ada\", \"times\": 2}}]}";

static pflow_str str(const char *text) {
    pflow_str s = {text, strlen(text)};
    return s;
}

/* Tells the host why the call fails. Text that is passed in is copied before set_error() returns. */
static pflow_status fail(pflow_call *call, pflow_status status, const char *code, const char *message) {
    pflow_error error = PFLOW_ERROR_INIT;
    error.status = status;
    error.code = str(code);
    error.message = str(message);
    host->set_error(call, &error);
    return status;
}

static pflow_status PFLOW_CALL greet_run(void *node, pflow_call *call) {
    const pflow_value_api *values = host->values;
    const pflow_value *params = host->params(call);
    const pflow_value *given;
    const pflow_value *greeting;
    pflow_buffer *text;
    pflow_str name = PFLOW_STR("world");
    int64_t times = 1;
    int64_t i;
    (void)node;

    /* Templates are filled in while the workflow runs, so types are checked here as well; null counts as not given. */
    given = values->get(params, str("name"));
    if (values->type(given) != PFLOW_T_NULL &&
        (values->type(given) != PFLOW_T_STRING || values->get_str(given, &name) != PFLOW_OK)) {
        return fail(call, PFLOW_E_INVALID, "invalid_parameter", "parameter \"name\": expected a string");
    }
    given = values->get(params, str("times"));
    if (values->type(given) != PFLOW_T_NULL &&
        (values->get_int(given, &times) != PFLOW_OK || times < 1 || times > 100)) {
        return fail(call, PFLOW_E_INVALID, "invalid_parameter",
                    "parameter \"times\": expected an integer from 1 to 100");
    }

    /* A buffer grows in the host and becomes a value without a copy. What the host lends needs no freeing. */
    text = values->buffer_new(call, (size_t)times * (name.len + 9));
    if (text == NULL) return fail(call, PFLOW_E_NOMEM, "out_of_memory", "no memory for the greeting");
    for (i = 0; i < times; ++i) {
        if (values->buffer_append(text, str(i == 0 ? "Hello, " : "\nHello, ")) != PFLOW_OK ||
            values->buffer_append(text, name) != PFLOW_OK || values->buffer_append(text, str("!")) != PFLOW_OK) {
            return fail(call, PFLOW_E_NOMEM, "out_of_memory", "no memory for the greeting");
        }
    }
    greeting = values->buffer_finish(text);
    if (greeting == NULL) return fail(call, PFLOW_E_NOMEM, "out_of_memory", "no memory for the greeting");
    return host->store_set(call, str("greeting"), greeting);
}

static const pflow_node_type greet_type = {
    .struct_size = sizeof(pflow_node_type),
    .flags = PFLOW_NODE_CONCURRENT | PFLOW_NODE_NONBLOCKING | PFLOW_NODE_IDEMPOTENT,
    .type_name = PFLOW_STR("example.greet"),
    .version = PFLOW_STR(PLUGIN_VERSION),
    .descriptor_json = PFLOW_STR(descriptor),
    .run = greet_run, /* create, destroy and cancel stay NULL: there is no instance, and nothing to interrupt */
};

static size_t PFLOW_CALL type_count(void) { return 1; }

static const pflow_node_type *PFLOW_CALL type_at(size_t index) { return index == 0 ? &greet_type : NULL; }

static const pflow_node_factory factory = {sizeof(pflow_node_factory), 0, type_count, type_at};

static pflow_status PFLOW_CALL init(const pflow_host *h, pflow_call *call) {
    (void)call;
    host = h;
    return PFLOW_OK;
}

static const void *PFLOW_CALL get_factory(const char *factory_id) {
    return strcmp(factory_id, PFLOW_FACTORY_NODES) == 0 ? &factory : NULL;
}

PFLOW_NOTE(PFLOW_TARGET_MINOR, PLUGIN_ID);

/* The one symbol this library exports; plugin.h has declared it so. */
const pflow_plugin_entry pflow_plugin_v1 = {
    .magic = PFLOW_ENTRY_MAGIC,
    .struct_size = sizeof(pflow_plugin_entry),
    .abi_major = PFLOW_ABI_MAJOR,
    .abi_minor = PFLOW_ABI_MINOR,
    .min_host_minor = PFLOW_TARGET_MINOR,
    .id = PFLOW_STR(PLUGIN_ID),
    .version = PFLOW_STR(PLUGIN_VERSION),
    .init = init,
    .get_factory = get_factory, /* deinit stays NULL: nothing runs that would have to be stopped */
};
