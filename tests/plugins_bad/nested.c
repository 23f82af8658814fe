/* Writes arrays nested as deep as its parameter "levels" says. */
#include "good.h"
#define BAD_TYPE "bad.nested"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    const pflow_value *value = host->values->make_int(call, 1);
    int64_t levels = 0;
    (void)node;
    host->values->get_int(host->values->get(host->params(call), str("levels")), &levels);
    for (; levels > 0; --levels) value = host->values->make_array(call, &value, 1);
    host->store_set(call, str("out"), value);
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
