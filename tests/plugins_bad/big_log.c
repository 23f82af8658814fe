/* Logs 100 MiB in one line, fields too. */
#include <stdlib.h>

#include "good.h"
#define BAD_TYPE "bad.big_log"
static pflow_str hundred_mebibytes(void) {
    pflow_str s;
    char *text = malloc((size_t)100 << 20);
    if (text != NULL) memset(text, 0x61, (size_t)100 << 20);
    s.ptr = text;
    s.len = text != NULL ? (size_t)100 << 20 : 0;
    return s;
}

static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    const pflow_str text = hundred_mebibytes();
    host->log(host, call, PFLOW_LOG_ERROR, text, text);
    free((void *)text.ptr);
    return put(call, "fine");
}
#define BAD_RUN run
#include "good_entry.h"
