/* Logs 100 MiB in one line, fields too. */
#include <stdlib.h>

#include "good.h"
#define BAD_TYPE "bad.big_log"
#include "hundred_mebibytes.h"

static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    const pflow_str text = hundred_mebibytes();
    host->log(host, call, PFLOW_LOG_ERROR, text, text);
    free((void *)text.ptr);
    return put(call, "fine");
}
#define BAD_RUN run
#include "good_entry.h"
