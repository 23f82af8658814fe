/* Uses its call from a thread after run has returned OK, and tells what the host answers. */
#include <stdio.h>
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.late_use"
static void *late(void *argument) {
    pflow_call *call = (pflow_call *)argument;
    const pflow_value *found = NULL;
    pflow_error error = PFLOW_ERROR_INIT;
    pflow_call_info info;
    char line[200];
    while (host->is_cancelled(call) == 0) usleep(1000);
    memset(&info, 0, sizeof info);
    info.struct_size = sizeof info;
    host->set_error(call, &error);
    snprintf(line, sizeof line,
             "store_set %d store_get %d set_action %d emit_chunk %d call_info %d make_int %s params %s",
             host->store_set(call, str("out"), NULL), host->store_get(call, str("n.out"), &found),
             host->set_action(call, str("error")), host->emit_chunk(call, str("text"), str("x")),
             host->call_info(call, &info), host->values->make_int(call, 1) == NULL ? "NULL" : "a value",
             host->params(call) == NULL ? "NULL" : "a value");
    tell(line);
    return NULL;
}
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    start_thread(late, call);
    return put(call, "fine");
}
#define BAD_RUN run
#include "good_entry.h"
