/* Fails with a message and a code that are not UTF-8. */
#include "good.h"
#define BAD_TYPE "bad.utf8_error"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    return fail(call, PFLOW_E_IO, "caf\xe9", "the file caf\xe9 is not there");
}
#define BAD_RUN run
#include "good_entry.h"
