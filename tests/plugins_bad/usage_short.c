/* Reports usage with a struct that is too small. */
#include "good.h"
#define BAD_TYPE "bad.usage_short"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    pflow_llm_usage usage = PFLOW_LLM_USAGE_INIT;
    usage.struct_size = 8;
    host->report_llm_usage(call, &usage);
    return PFLOW_OK;
}
#define BAD_RUN run
#include "good_entry.h"
