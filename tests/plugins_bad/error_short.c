/* Sets an error whose struct is too small. */
#include "good.h"
#define BAD_TYPE "bad.error_short"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    pflow_error error = PFLOW_ERROR_INIT;
    error.struct_size = 8;
    host->set_error(call, &error);
    return PFLOW_E_INTERNAL;
}
#define BAD_RUN run
#include "good_entry.h"
