/* Writes an output, reads the store and sets an action in create, where there is no run yet. */
#include "good.h"
#define BAD_TYPE "bad.create_touches"
static pflow_status PFLOW_CALL create(const pflow_node_type *t, const pflow_host *h, pflow_call *call, void **out) {
    const pflow_value *found = NULL;
    (void)t;
    *out = NULL;
    if (put(call, "early") != PFLOW_E_UNSUPPORTED) return PFLOW_E_INTERNAL;
    if (h->store_get(call, str("n.out"), &found) != PFLOW_E_UNSUPPORTED || found != NULL) return PFLOW_E_INTERNAL;
    if (h->set_action(call, str("error")) != PFLOW_E_UNSUPPORTED) return PFLOW_E_INTERNAL;
    return PFLOW_OK;
}
#define BAD_CREATE create
#include "good_entry.h"
