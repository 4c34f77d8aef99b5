#include "uapi.h"

struct question {
	__u64 a;
	__u64 reserved[3];
};

typedef const struct question question_t;

#define REPORTED_READ _IOR('x', 1, const struct question)
#define REPORTED_BOTH _IOWR('x', 2, struct question const)
#define REPORTED_TYPEDEF _IOR('x', 3, question_t)
#define SPARED_WRITE _IOW('x', 4, const struct question)
#define SPARED_PLAIN _IOR('x', 5, struct question)
