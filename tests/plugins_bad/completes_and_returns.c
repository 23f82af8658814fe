/* Completes inside run and then returns OK as well. */
#include "good.h"
#define BAD_TYPE "bad.completes_and_returns"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    host->complete(call, PFLOW_OK);
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
