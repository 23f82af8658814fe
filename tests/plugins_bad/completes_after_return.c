/* Returns OK, and a thread of it completes the call later. */
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.completes_after_return"
static void *late(void *argument) {
    pflow_call *call = (pflow_call *)argument;
    while (host->is_cancelled(call) == 0) usleep(1000);
    host->complete(call, PFLOW_OK);
    return NULL;
}
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    start_thread(late, call);
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
