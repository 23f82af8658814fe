/* Ends with an action that its descriptor does not list. */
#include "good.h"
#define BAD_TYPE "bad.action"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    host->set_action(call, str("retry_later"));
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
