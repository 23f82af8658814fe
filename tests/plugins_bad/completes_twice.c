/* Completes twice inside run. */
#include "good.h"
#define BAD_TYPE "bad.completes_twice"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    host->complete(call, PFLOW_OK);
    host->complete(call, PFLOW_OK);
    return PFLOW_PENDING;
}
#define BAD_RUN run
#include "good_entry.h"
