/* Crashes in run. */
#include <signal.h>

#include "good.h"
#define BAD_TYPE "bad.run_crashes"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    (void)call;
    raise(SIGSEGV);
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
