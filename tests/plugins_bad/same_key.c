/* Makes an object with one key twice. */
#include "good.h"
#define BAD_TYPE "bad.same_key"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    const pflow_value *values[2];
    pflow_str keys[2];
    keys[0] = keys[1] = str("k");
    values[0] = values[1] = host->values->make_int(call, 1);
    host->store_set(call, str("out"), host->values->make_object(call, keys, values, 2));
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
