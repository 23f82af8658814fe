/* Claims two node types and hands out one. */
#include "good.h"
#define BAD_TYPE "bad.missing_type"
#define BAD_TYPE_COUNT 2
#include "good_entry.h"
