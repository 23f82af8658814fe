/* Ends with the action "error" and says nothing. */
#include "good.h"
#define BAD_TYPE "bad.action_error"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    put(call, "half");
    host->set_action(call, str("error"));
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
