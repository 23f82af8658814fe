// Lets exceptions out of destroy.
#include <stdexcept>

#include "good.h"
#define BAD_TYPE "bad.teardown_throws"

static pflow_status PFLOW_CALL create(const pflow_node_type*, const pflow_host*, pflow_call*, void**) {
  return PFLOW_OK;
}

static void PFLOW_CALL destroy(void*) {
  throw std::runtime_error("still in use");
}

#define BAD_CREATE create
#define BAD_DESTROY destroy
#include "good_entry.h"
