/* The entry needs a newer minor than any host has; the note does not say so. */
#include "good.h"
#define BAD_TYPE "bad.entry_minor"
#define BAD_MIN_MINOR 77
#include "good_entry.h"
