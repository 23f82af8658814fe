/* Nests arrays as deep as it is let. */
#include "good.h"
#define BAD_TYPE "bad.deep"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    const pflow_value *value = host->values->make_int(call, 1);
    int i;
    for (i = 0; i < 100000; ++i) value = host->values->make_array(call, &value, 1);
    host->store_set(call, str("out"), value);
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
