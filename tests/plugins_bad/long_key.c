/* Writes an output whose name has 300 bytes. */
#include "good.h"
#define BAD_TYPE "bad.long_key"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    char name[300];
    pflow_str key;
    memset(name, 'k', sizeof name);
    key.ptr = name;
    key.len = sizeof name;
    host->store_set(call, key, host->values->make_int(call, 1));
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
