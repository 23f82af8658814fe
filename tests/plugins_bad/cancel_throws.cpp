// Ends its call in cancel and then throws from there.
#include <stdexcept>

#include "good.h"
#define BAD_TYPE "bad.cancel_throws"
#define BAD_FLAGS PFLOW_NODE_NONBLOCKING

static pflow_status PFLOW_CALL run(void*, pflow_call*) {
  return PFLOW_PENDING;
}

static void PFLOW_CALL cancel(void*, pflow_call* call) {
  host->complete(call, PFLOW_OK);
  throw std::runtime_error("late");
}

#define BAD_RUN run
#define BAD_CANCEL cancel
#include "good_entry.h"
