/* Tells its secret parameter to everybody: in two chunks of a stream, in logs, in base64 and JSON, in its error. */
#include <stdio.h>

#include "good.h"
#define BAD_TYPE "bad.leaks"
#define BAD_DESCRIPTOR                                                                                     \
    "{\"description\": \"A test plugin.\", \"params\": {\"type\": \"object\", \"properties\": {"           \
    "\"key\": {\"type\": \"string\", \"x-pflow-secret\": true}, \"encoded\": {\"type\": \"string\"}, "     \
    "\"headers\": {\"type\": \"object\"}}}, \"outputs\": [{\"name\": \"out\", \"type\": \"any\"}]}"

static pflow_str text_of(const pflow_value *object, const char *name) {
    pflow_str text = str("");
    const pflow_value *found = host->values->get(object, str(name));
    if (found != NULL) host->values->get_str(found, &text);
    return text;
}

static void log_text(pflow_call *call, pflow_str text, pflow_str fields) {
    host->log(host, call, PFLOW_LOG_INFO, text, fields);
}

static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    const pflow_value *params = host->params(call);
    const pflow_str key = text_of(params, "key");
    const pflow_value *headers = host->values->get(params, str("headers"));
    pflow_str json = str("");
    pflow_str first = key;
    pflow_str rest = key;
    char message[500];
    (void)node;
    first.len /= 2;
    rest.ptr += first.len;
    rest.len -= first.len;
    host->emit_chunk(call, str("text"), str("streams "));
    host->emit_chunk(call, str("text"), first);
    host->emit_chunk(call, str("text"), rest);
    host->emit_chunk(call, str("text"), str(" and "));
    host->emit_chunk(call, str("text"), first);
    host->emit_chunk(call, str("text"), str("!\n"));
    host->values->to_json(call, params, &json);
    log_text(call, key, json);
    host->values->to_json(call, host->values->make_str(call, json), &json);
    log_text(call, text_of(params, "encoded"), json);
    if (headers != NULL) log_text(call, text_of(headers, "Authorization"), str(""));
    host->emit(call, str("metric"), params);
    snprintf(message, sizeof message, "the server refused %.*s", (int)key.len, key.ptr);
    return fail(call, PFLOW_E_IO, "refused", message);
}
#define BAD_RUN run
#include "good_entry.h"
