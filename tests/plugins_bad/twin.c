/* Two files are made of it: both offer the same type. */
#include "good.h"
#define BAD_TYPE "bad.twin"
#include "good_entry.h"
