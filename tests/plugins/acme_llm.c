/* A stranger's LLM provider for the tests: says which provider and model were asked, and what. */
#include <pflow/plugin.h>
#include <string.h>

#define PLUGIN_ID "com.acme.llm"
#define PLUGIN_VERSION "1.0.0"

static const pflow_host *host; /* set once by init(), valid until deinit() has returned */

#ifdef PFLOW_TEST_RIVAL /* knows some of the same models, and needs no key */
#define ACME_TYPE "llm.rival"
#define ACME_FACTS "\"models\": [\"rocket-*\"]"
#define ACME_PARAMS ""
#else
#define ACME_TYPE "acme.chat"
#define ACME_FACTS                                                                                   \
    "\"provider\": \"acme\", \"models\": [\"acme-*\", \"Rocket-?\"], \"default_model\": \"acme-small\"," \
    " \"keys\": [\"ACME_API_KEY\"], \"base_url\": {\"setting\": \"ACME_BASE_URL\"}"
#define ACME_PARAMS ", \"model\": {\"type\": \"string\"}, \"base_url\": {\"type\": \"string\"}"
#endif

static const char descriptor[] =
    "{\"description\": \"Answers for Acme.\", \"implements\": \"llm\", " ACME_FACTS ","
    " \"params\": {\"type\": \"object\", \"required\": [\"prompt\"], \"properties\": {"
    "  \"prompt\": {\"type\": \"string\"}, \"extra\": {\"type\": \"object\"}" ACME_PARAMS "}},"
    " \"outputs\": [{\"name\": \"response\", \"type\": \"string\", \"primary\": true}]}";

static pflow_str str(const char *text) {
    pflow_str s = {text, strlen(text)};
    return s;
}

/* All parameters as they came, behind the node's type. */
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    pflow_str params = PFLOW_STR("");
    pflow_buffer *text = host->values->buffer_new(call, 0);
    const pflow_value *response;
    pflow_status status = host->values->to_json(call, host->params(call), &params);
    (void)node;
    if (status != PFLOW_OK || text == NULL) return PFLOW_E_NOMEM;
    if (host->values->buffer_append(text, str(ACME_TYPE " ")) != PFLOW_OK ||
        host->values->buffer_append(text, params) != PFLOW_OK) {
        return PFLOW_E_NOMEM;
    }
    response = host->values->buffer_finish(text);
    return response == NULL ? PFLOW_E_NOMEM : host->store_set(call, str("response"), response);
}

static const pflow_node_type node_type = {
    .struct_size = sizeof(pflow_node_type),
    .flags = PFLOW_NODE_CONCURRENT | PFLOW_NODE_NONBLOCKING,
    .type_name = PFLOW_STR(ACME_TYPE),
    .version = PFLOW_STR(PLUGIN_VERSION),
    .descriptor_json = PFLOW_STR(descriptor),
    .run = run,
};

static size_t PFLOW_CALL type_count(void) { return 1; }

static const pflow_node_type *PFLOW_CALL type_at(size_t index) { return index == 0 ? &node_type : NULL; }

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

const pflow_plugin_entry pflow_plugin_v1 = {
    .magic = PFLOW_ENTRY_MAGIC,
    .struct_size = sizeof(pflow_plugin_entry),
    .abi_major = PFLOW_ABI_MAJOR,
    .abi_minor = PFLOW_ABI_MINOR,
    .min_host_minor = PFLOW_TARGET_MINOR,
    .id = PFLOW_STR(PLUGIN_ID),
    .version = PFLOW_STR(PLUGIN_VERSION),
    .init = init,
    .get_factory = get_factory,
};
