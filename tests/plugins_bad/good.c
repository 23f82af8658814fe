/* Nothing is wrong with it: the measure of the others. */
#include "good.h"
#define BAD_TYPE "bad.good"
#include "good_entry.h"
