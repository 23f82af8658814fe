/* Calls every function with NULL and with nonsense; nothing is wrong as long as the host says so. */
#include "good.h"
#define BAD_TYPE "bad.nulls"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    const pflow_value_api *v = host->values;
    const pflow_value *found = NULL;
    const pflow_str hole = {NULL, 7};
    pflow_str s;
    int32_t flag = 0;
    int64_t i = 0;
    uint64_t u = 0;
    double d = 0;
    pflow_call_info info;
    memset(&info, 0, sizeof info);
    host->log(NULL, NULL, 99, hole, hole);
    host->log(host, call, -99, hole, hole);
    host->complete(NULL, PFLOW_OK);
    host->set_error(NULL, NULL);
    if (host->get_extension(host, "pflow.nobody/1") != NULL || host->params(NULL) != NULL ||
        host->is_cancelled(NULL) != 1 || host->log_enabled(NULL, 0) != 0 ||
        host->call_info(call, NULL) != PFLOW_E_INVALID || host->call_info(call, &info) != PFLOW_E_INVALID ||
        host->call_info(NULL, &info) != PFLOW_E_INVALID || host->store_get(call, str("n"), NULL) != PFLOW_E_INVALID ||
        host->store_get(call, str("..[["), &found) != PFLOW_E_INVALID ||
        host->store_get(NULL, str("n"), &found) != PFLOW_E_INVALID ||
        host->store_set(NULL, str("n"), NULL) != PFLOW_E_INVALID ||
        host->set_action(NULL, str("x")) != PFLOW_E_INVALID ||
        host->emit_chunk(NULL, hole, hole) != PFLOW_E_INVALID || host->emit(call, hole, NULL) != PFLOW_E_INVALID ||
        host->report_llm_usage(NULL, NULL) != PFLOW_E_INVALID)
        return fail(call, PFLOW_E_INTERNAL, "host", "the host took a NULL");
    if (v->type(NULL) != PFLOW_T_NULL || v->get_bool(NULL, &flag) != PFLOW_E_INVALID ||
        v->get_int(NULL, &i) != PFLOW_E_INVALID || v->get_uint(NULL, &u) != PFLOW_E_INVALID ||
        v->get_float(NULL, &d) != PFLOW_E_INVALID || v->get_str(NULL, &s) != PFLOW_E_INVALID || v->length(NULL) != 0 ||
        v->get(NULL, hole) != NULL || v->at(NULL, 0) != NULL || v->key_at(NULL, 0, &s) != PFLOW_E_INVALID ||
        v->to_json(call, NULL, &s) != PFLOW_E_INVALID || v->from_json(call, hole) != NULL ||
        v->from_json(NULL, str("1")) != NULL || v->make_bool(NULL, 1) != NULL || v->make_int(NULL, 1) != NULL ||
        v->make_uint(NULL, 1) != NULL || v->make_float(NULL, 1) != NULL || v->make_str(NULL, str("x")) != NULL ||
        v->make_bytes(NULL, str("x")) != NULL || v->make_array(call, NULL, 1) != NULL ||
        v->make_object(call, NULL, NULL, 1) != NULL || v->buffer_new(NULL, 1) != NULL ||
        v->buffer_append(NULL, str("x")) != PFLOW_E_INVALID || v->buffer_finish(NULL) != NULL)
        return fail(call, PFLOW_E_INTERNAL, "values", "a value function took a NULL");
    if (v->length(v->make_str(call, hole)) != 0 || v->length(v->make_array(call, NULL, 0)) != 0 ||
        v->length(v->make_object(call, NULL, NULL, 0)) != 0)
        return fail(call, PFLOW_E_INTERNAL, "empty", "an empty text, array or object is not empty");
    return put(call, "fine");
}
#define BAD_RUN run
#include "good_entry.h"
