/* Fails with a message, a code and a detail of 100 MiB. */
#include <stdlib.h>

#include "good.h"
#define BAD_TYPE "bad.big_error"
#include "hundred_mebibytes.h"

static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    const pflow_str text = hundred_mebibytes();
    pflow_error error = PFLOW_ERROR_INIT;
    error.status = PFLOW_E_IO;
    error.code = text;
    error.message = text;
    error.detail_json = text;
    host->set_error(call, &error);
    free((void *)text.ptr);
    return PFLOW_E_IO;
}
#define BAD_RUN run
#include "good_entry.h"
