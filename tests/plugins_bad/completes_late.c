/* Completes once more from a thread, when the call has ended. */
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.completes_late"
static void *twice(void *argument) {
    pflow_call *call = (pflow_call *)argument;
    put(call, "fine");
    host->complete(call, PFLOW_OK);
    while (host->is_cancelled(call) == 0) usleep(1000); /* says 1 once the call has ended */
    host->complete(call, PFLOW_OK);
    return NULL;
}
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    start_thread(twice, call);
    return PFLOW_PENDING;
}
#define BAD_RUN run
#include "good_entry.h"
