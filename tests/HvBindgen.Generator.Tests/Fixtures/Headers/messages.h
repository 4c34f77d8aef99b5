/* Messages whose type tells which record their payload is; two types have one number. */
enum demo_type { DEMO_NONE, DEMO_PORT = 5, DEMO_HALT = 6, DEMO_QUEUE = 6, DEMO_TIMER = 7 };
struct demo_header { unsigned long long rip; };
struct demo_port { struct demo_header header; unsigned short port; };
struct demo_halt { struct demo_header header; };
struct demo_timer { unsigned expired; };
#ifdef __x86_64__
struct demo_own { unsigned long long rax; };
#else
struct demo_own { unsigned long long x[18]; };
#endif
