/* Built for a newer minor than any host has: the note says so, and no code of it runs. */
#define PFLOW_TARGET_MINOR 77
#include <stdlib.h>

#include "good.h"
__attribute__((constructor)) static void never_runs(void) { abort(); }
#define BAD_TYPE "bad.minor"
#include "good_entry.h"
