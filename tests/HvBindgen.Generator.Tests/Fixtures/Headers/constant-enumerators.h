/* Macros that say an enumerator's name again, so that #ifdef knows it. */
enum event {
	EVENT_IN = 1,
#define EVENT_IN EVENT_IN
	EVENT_OUT = 4,
#define EVENT_OUT (EVENT_OUT)
	EVENT_EDGE = 1u << 31,
#define EVENT_EDGE EVENT_EDGE
};
#define EVENT_BOTH (EVENT_IN | EVENT_OUT)
#define EVENT_ALL (EVENT_BOTH | EVENT_EDGE)
#define EVENT_NOT (~EVENT_IN)
#define EVENT_CAST ((enum event)1)

enum wide { WIDE_LOW = 1, WIDE_HIGH = 1ULL << 40 };
#define WIDE_LOW WIDE_LOW
#define WIDE_HIGH WIDE_HIGH

enum both { BOTH_NEGATIVE = -1, BOTH_HIGH = 0x80000000 };
#define BOTH_NEGATIVE BOTH_NEGATIVE

/* A macro that takes the name for something else. */
enum hidden { HIDDEN_ONE = 1, HIDDEN_TOP = 1u << 31 };
#define HIDDEN_ONE 7L
#define HIDDEN_SUM (HIDDEN_ONE + 1)
