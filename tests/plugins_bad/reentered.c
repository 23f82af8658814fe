/* One call of it never ends. It is not CONCURRENT: while that call may still run, no other may enter it. */
#include <stdlib.h>
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.reentered"
static int inside;
static pflow_status PFLOW_CALL create(const pflow_node_type *t, const pflow_host *h, pflow_call *call, void **out) {
    (void)t, (void)h, (void)call;
    *out = &inside;
    return PFLOW_OK;
}
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    int *count = (int *)node;
    (void)call;
    if (__atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST) != 1) abort();
    for (;;) sleep(1000);
    return PFLOW_OK;
}
#define BAD_CREATE create
#define BAD_RUN run
#include "good_entry.h"
