/* Streams 100 MiB in one piece. */
#include <stdlib.h>

#include "good.h"
#define BAD_TYPE "bad.big_chunk"
#include "hundred_mebibytes.h"

static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    const pflow_str text = hundred_mebibytes();
    host->emit_chunk(call, str("text"), text);
    free((void *)text.ptr);
    return put(call, "fine");
}
#define BAD_RUN run
#include "good_entry.h"
