#define TWICE 1
#undef TWICE
#define TWICE 2L
#define GONE 3
#undef GONE
#if 0
#define NEVER 4
#endif
#ifndef FROM_COMMAND_LINE
#define FROM_COMMAND_LINE 5
#endif
#define KIND 6
#undef KIND
#define KIND "six"
