/* Fails without a word. */
#include "good.h"
#define BAD_TYPE "bad.silent_error"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    (void)call;
    return PFLOW_E_IO;
}
#define BAD_RUN run
#include "good_entry.h"
