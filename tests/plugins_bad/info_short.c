/* Nothing is wrong: it asks for the first two members of the call's info, and no more is written. */
#include "good.h"
#define BAD_TYPE "bad.info_short"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    pflow_call_info info;
    memset(&info, 0x55, sizeof info);
    info.struct_size = 8;
    if (host->call_info(call, &info) != PFLOW_OK || info.attempt != 1 || info.struct_size != 8 ||
        info.visit != 0x5555555555555555)
        return fail(call, PFLOW_E_INTERNAL, "host", "the host wrote past the struct");
    return put(call, "fine");
}
#define BAD_RUN run
#include "good_entry.h"
