/* A node type without a run function. */
#include "good.h"
#define BAD_TYPE "bad.no_run"
#define BAD_RUN NULL
#include "good_entry.h"
