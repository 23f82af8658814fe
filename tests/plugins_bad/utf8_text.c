/* Writes text that is not UTF-8 and does not look at what make_str gives. */
#include "good.h"
#define BAD_TYPE "bad.utf8_text"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    put(call, "caf\xe9");
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
