/* Fails without a word, and not even the status tells. */
#include "good.h"
#define BAD_TYPE "bad.silent_internal"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    (void)call;
    return PFLOW_E_INTERNAL;
}
#define BAD_RUN run
#include "good_entry.h"
