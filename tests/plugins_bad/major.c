/* The entry is of ABI 2; its note says 1, so the file is opened. */
#include "good.h"
#define BAD_TYPE "bad.major"
#define BAD_MAJOR 2
#include "good_entry.h"
