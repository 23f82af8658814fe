/* A thread of it uses the host without end, after deinit and while the process ends. */
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.late_forever"
static void *forever(void *argument) {
    pflow_call *call = (pflow_call *)argument;
    while (host->is_cancelled(call) == 0) usleep(100); /* says 1 once the call has ended */
    for (;;) {
        host->complete(call, PFLOW_OK);
        host->store_set(call, str("out"), NULL);
        host->log(host, call, PFLOW_LOG_ERROR, str("still here"), str(""));
    }
    return NULL;
}
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    start_thread(forever, call);
    return put(call, "fine");
}
#define BAD_RUN run
#include "good_entry.h"
